"""Makes the calls of calls.json with the official Python client, and prints what each answered."""

import base64
import json
import re
import sys

import botocore.session
from amazondax import AmazonDaxClient
from botocore.exceptions import ClientError


def decode(value):
    """Binary values are bytes for the client, and base64 in the file."""
    if isinstance(value, dict):
        if list(value) == ["B"]:
            return {"B": base64.b64decode(value["B"])}
        if list(value) == ["BS"]:
            return {"BS": [base64.b64decode(element) for element in value["BS"]]}
        return {name: decode(part) for name, part in value.items()}
    return [decode(part) for part in value] if isinstance(value, list) else value


def main(url, path):
    session = botocore.session.get_session()
    session.set_credentials("local", "local")
    calls = json.load(open(path, encoding="utf-8"))
    with AmazonDaxClient(session, region_name="us-east-1", endpoint_url=url) as client:
        for call in calls:
            name = re.sub(r"(?<!^)(?=[A-Z])", "_", call["call"]).lower()
            try:
                answer = getattr(client, name)(**decode(call["input"]))
            except ClientError as error:
                answer = {"error": error.response["Error"]["Code"]}
            to_text = lambda value: base64.b64encode(bytes(value)).decode()
            print(json.dumps(answer, default=to_text), flush=True)


main(*sys.argv[1:])
