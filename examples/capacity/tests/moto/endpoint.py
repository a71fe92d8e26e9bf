"""An AWS on a free port of 127.0.0.1, until standard input closes. Prints the port.

The Rust SDK speaks to CloudWatch in CBOR, which moto does not understand. Such a request is made
again by boto3, which checks its parameters and asks moto in a protocol that both know.
"""

import io
import logging
import sys
import threading

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError
from botocore.parsers import RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

CLOUDWATCH = "/service/GraniteServiceVersion20100801/operation/"
moto = DomainDispatcherApplication(create_backend_app)


def cloudwatch():
    return boto3.client(
        "cloudwatch",
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        endpoint_url=f"http://127.0.0.1:{server.port}",
    )


def read(body):
    return RpcV2CBORParser().parse_data_item(io.BufferedReader(io.BytesIO(body)))


def write(answer, shape):
    answer.pop("ResponseMetadata", None)
    body = bytearray()
    RpcV2CBORSerializer()._serialize_data_item(body, answer, shape)
    return bytes(body)


def translated(environ, start_response):
    path = environ.get("PATH_INFO", "")
    if not path.startswith(CLOUDWATCH):
        return moto(environ, start_response)
    operation = path.removeprefix(CLOUDWATCH)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    client = cloudwatch()
    shape = client.meta.service_model.operation_model(operation).output_shape
    headers = [("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")]
    try:
        answer = getattr(client, xform_name(operation))(**read(body))
    except (ClientError, ParamValidationError) as error:
        start_response("400 Bad Request", [("Content-Type", "text/plain")])
        return [str(error).encode()]
    start_response("200 OK", headers)
    return [write(answer, shape) if shape else b"\xa0"]


# A line for each request would hide what a test says.
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, translated, threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.port, flush=True)
sys.stdin.read()
server.shutdown()
