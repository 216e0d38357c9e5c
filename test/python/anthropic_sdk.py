"""Talks to a gateway with Anthropic's SDK."""

from anthropic import Anthropic

import talk

client = Anthropic(base_url=talk.URL, api_key=talk.KEY, max_retries=0)

HELLO = {"max_tokens": 1000, "system": talk.SYSTEM, "messages": [{"role": "user", "content": talk.HELLO}]}


def heard(message):
    text = "".join(block.text for block in message.content if block.type == "text")
    return {"text": text, "tokens": message.usage.input_tokens + message.usage.output_tokens}


def text(model):
    return heard(client.messages.create(model=model, **HELLO))


def stream(model):
    with client.messages.stream(model=model, **HELLO) as events:
        pieces = "".join(events.text_stream)
        return {**heard(events.get_final_message()), "text": pieces}


def tools(model):
    tool = {"name": talk.TOOL_NAME, "description": talk.TOOL_ABOUT, "input_schema": talk.TOOL_PARAMETERS}
    thinking = {"type": "enabled", "budget_tokens": 1024}
    request = {"model": model, "max_tokens": 4000, "tools": [tool], "thinking": thinking}
    messages = [{"role": "user", "content": talk.QUESTION}]
    first = client.messages.create(messages=messages, **request)
    call = next(block for block in first.content if block.type == "tool_use")
    result = {"type": "tool_result", "tool_use_id": call.id, "content": talk.TOOL_ANSWER}
    messages += [{"role": "assistant", "content": first.content}, {"role": "user", "content": [result]}]
    return {"call": [call.name, call.input], **heard(client.messages.create(messages=messages, **request))}


talk.report(text=text, stream=stream, tools=tools)
