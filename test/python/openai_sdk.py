"""Talks to a gateway with OpenAI's SDK, by Chat Completions and by Responses."""

import json

from openai import OpenAI

import talk

client = OpenAI(base_url=f"{talk.URL}/v1", api_key=talk.KEY, max_retries=0)

HELLO = [{"role": "system", "content": talk.SYSTEM}, {"role": "user", "content": talk.HELLO}]
FUNCTION = {"name": talk.TOOL_NAME, "description": talk.TOOL_ABOUT, "parameters": talk.TOOL_PARAMETERS}


def text(model):
    reply = client.chat.completions.create(model=model, messages=HELLO)
    return {"text": reply.choices[0].message.content, "tokens": reply.usage.total_tokens}


def stream(model):
    heard, tokens = "", 0
    options = {"include_usage": True}
    for chunk in client.chat.completions.create(model=model, messages=HELLO, stream=True, stream_options=options):
        heard += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        tokens = chunk.usage.total_tokens if chunk.usage else tokens
    return {"text": heard, "tokens": tokens}


def tools(model):
    messages = [{"role": "user", "content": talk.QUESTION}]
    request = {"model": model, "tools": [{"type": "function", "function": FUNCTION}], "reasoning_effort": "low"}
    message = client.chat.completions.create(messages=messages, **request).choices[0].message
    call = message.tool_calls[0]
    messages += [message, {"role": "tool", "tool_call_id": call.id, "content": talk.TOOL_ANSWER}]
    reply = client.chat.completions.create(messages=messages, **request)
    return {
        "call": [call.function.name, json.loads(call.function.arguments)],
        "text": reply.choices[0].message.content,
        "tokens": reply.usage.total_tokens,
    }


def responses(model):
    reply = client.responses.create(model=model, instructions=talk.SYSTEM, input=talk.HELLO, store=False)
    return {"text": reply.output_text, "tokens": reply.usage.total_tokens}


def responses_stream(model):
    with client.responses.stream(model=model, input=talk.HELLO, store=False) as events:
        reply = events.get_final_response()
    return {"text": reply.output_text, "tokens": reply.usage.total_tokens}


def responses_tools(model):
    items = [{"role": "user", "content": talk.QUESTION}]
    request = {
        "model": model,
        "store": False,
        "tools": [{"type": "function", "strict": True, **FUNCTION}],
        "reasoning": {"effort": "low"},
        "include": ["reasoning.encrypted_content"],
    }
    output = client.responses.create(input=items, **request).output
    call = next(item for item in output if item.type == "function_call")
    items += [*output, {"type": "function_call_output", "call_id": call.call_id, "output": talk.TOOL_ANSWER}]
    reply = client.responses.create(input=items, **request)
    return {
        "call": [call.name, json.loads(call.arguments)],
        "text": reply.output_text,
        "tokens": reply.usage.total_tokens,
    }


talk.report(
    text=text,
    stream=stream,
    tools=tools,
    responses=responses,
    responses_stream=responses_stream,
    responses_tools=responses_tools,
)
