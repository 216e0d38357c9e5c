"""What the scripts of this folder share: what is said, and how they report what they heard."""

import json
import os
import sys

URL = os.environ["GATEWAY_URL"]
KEY = os.environ["GATEWAY_KEY"]

SYSTEM = "Answer like a pirate."
HELLO = "Say hello. [[sim:say=Ahoy from Python 🏴‍☠️!]]"
QUESTION = 'Call get_weather for "Tortuga".'
TOOL_NAME = "get_weather"
TOOL_ABOUT = "Tells the weather of a place."
TOOL_PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
TOOL_ANSWER = "fair winds"


def report(**checks):
    """Runs each check for each model named on the command line and prints what was heard, as one JSON object a line."""
    for model in sys.argv[1:]:
        for name, check in checks.items():
            print(json.dumps({"model": model, "check": name, **check(model)}), flush=True)
