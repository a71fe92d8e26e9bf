"""Reads or writes one user's persistent attributes with the real ASK SDK for Python:

    python adapter.py read|write TABLE

Standard input: {"envelope": ..., "attributes": ...}. Standard output: the attributes. Both sides
write numbers, sets and binary as {"$number": "1"}, {"$set": [...]} and {"$binary": "00ff"}.
"""

import json
import sys
from decimal import Decimal

from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_dynamodb.adapter import DynamoDbAdapter
from ask_sdk_model import RequestEnvelope
from boto3.dynamodb.types import Binary


def decoded(value):
    if isinstance(value, list):
        return [decoded(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if "$number" in value:
        return Decimal(value["$number"])
    if "$binary" in value:
        return bytes.fromhex(value["$binary"])
    if "$set" in value:
        return {decoded(inner) for inner in value["$set"]}
    return {name: decoded(inner) for name, inner in value.items()}


def encoded(value):
    if isinstance(value, list):
        return [encoded(inner) for inner in value]
    if isinstance(value, set):
        return {"$set": [encoded(inner) for inner in value]}
    if isinstance(value, Decimal):
        return {"$number": str(value)}
    if isinstance(value, Binary):
        return {"$binary": bytes(value).hex()}
    if isinstance(value, dict):
        return {name: encoded(inner) for name, inner in value.items()}
    return value


def main(action, table):
    given = json.load(sys.stdin)
    envelope = DefaultSerializer().deserialize(json.dumps(given["envelope"]), RequestEnvelope)
    adapter = DynamoDbAdapter(table_name=table)
    if action == "write":
        adapter.save_attributes(envelope, decoded(given["attributes"]))
    json.dump(encoded(adapter.get_attributes(envelope)), sys.stdout)


main(*sys.argv[1:])
