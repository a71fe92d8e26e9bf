"""A DynamoDB with IAM on a free port of 127.0.0.1, until standard input closes.

Takes the name of a table, which it makes, and the policy of a user. Prints, as JSON, the port and
the user's credentials. From then on a request without the user's signature is refused, and so is a
call that the policy does not allow.
"""

import json
import logging
import sys
import threading

import boto3
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.exceptions import (
    AccessDeniedError,
    InvalidClientTokenIdError,
    JsonRESTError,
    SignatureDoesNotMatchError,
)
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

table, policy = sys.argv[1:]

authorize = ActionAuthenticatorMixin._authenticate_and_authorize_normal_action

# moto refuses in XML under the names of older services; DynamoDB refuses in JSON under these.
REFUSALS = {
    AccessDeniedError: "AccessDeniedException",
    InvalidClientTokenIdError: "UnrecognizedClientException",
    SignatureDoesNotMatchError: "InvalidSignatureException",
}


def authorize_on_table(self, resource="*"):
    """moto evaluates DynamoDB's actions on `*`, and would allow what a policy allows on any table."""
    if self.service_name != "dynamodb":
        return authorize(self, resource)
    name = self.body["TableName"]
    resource = f"arn:aws:dynamodb:{self.region}:{self.current_account}:table/{name}"
    try:
        authorize(self, resource)
    except tuple(REFUSALS) as refusal:
        raise JsonRESTError(REFUSALS[type(refusal)], refusal.message) from refusal


ActionAuthenticatorMixin._authenticate_and_authorize_normal_action = authorize_on_table

# A line for each request would hide what a test says.
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()

region = {
    "region_name": "us-east-1",
    "endpoint_url": f"http://127.0.0.1:{server.port}",
    "aws_access_key_id": "setup",
    "aws_secret_access_key": "setup",
}
key = {"AttributeName": "userId"}
boto3.client("dynamodb", **region).create_table(
    TableName=table,
    KeySchema=[{**key, "KeyType": "HASH"}],
    AttributeDefinitions=[{**key, "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
)
iam = boto3.client("iam", **region)
iam.create_user(UserName="skill")
iam.put_user_policy(UserName="skill", PolicyName="skill", PolicyDocument=policy)
credentials = iam.create_access_key(UserName="skill")["AccessKey"]
settings.INITIAL_NO_AUTH_ACTION_COUNT = 0

print(
    json.dumps(
        {
            "port": server.port,
            "access_key": credentials["AccessKeyId"],
            "secret_key": credentials["SecretAccessKey"],
        }
    ),
    flush=True,
)
sys.stdin.read()
server.shutdown()
