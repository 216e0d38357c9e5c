"""Talks to a gateway with Google's SDK."""

from google import genai
from google.genai import types

import talk

client = genai.Client(api_key=talk.KEY, http_options=types.HttpOptions(base_url=talk.URL))

CONFIG = types.GenerateContentConfig(system_instruction=talk.SYSTEM)


def heard(reply):
    return {"text": reply.text, "tokens": reply.usage_metadata.total_token_count}


def text(model):
    return heard(client.models.generate_content(model=model, contents=talk.HELLO, config=CONFIG))


def stream(model):
    pieces, tokens = "", 0
    for chunk in client.models.generate_content_stream(model=model, contents=talk.HELLO, config=CONFIG):
        pieces += chunk.text or ""
        tokens = chunk.usage_metadata.total_token_count if chunk.usage_metadata else tokens
    return {"text": pieces, "tokens": tokens}


def tools(model):
    declaration = types.FunctionDeclaration(
        name=talk.TOOL_NAME, description=talk.TOOL_ABOUT, parameters_json_schema=talk.TOOL_PARAMETERS
    )
    config = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[declaration])])
    contents = [types.Content(role="user", parts=[types.Part(text=talk.QUESTION)])]
    first = client.models.generate_content(model=model, contents=contents, config=config)
    call = first.function_calls[0]
    response = types.FunctionResponse(id=call.id, name=call.name, response={"output": talk.TOOL_ANSWER})
    answer = types.Content(role="user", parts=[types.Part(function_response=response)])
    contents += [first.candidates[0].content, answer]
    reply = client.models.generate_content(model=model, contents=contents, config=config)
    return {"call": [call.name, call.args], **heard(reply)}


talk.report(text=text, stream=stream, tools=tools)
