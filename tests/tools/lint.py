"""Translates SAM templates to CloudFormation as a deployment does, and lints what comes out.

cfn-lint sees both forms: the template as written, whose resources only SAM knows, and its
translation, whose resources CloudFormation checks. Exits with 1 when anything is found.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from samtranslator.translator.transform import transform

REGION = "us-east-1"
os.environ["AWS_DEFAULT_REGION"] = REGION


class Managed:
    """The managed policies that templates may name: the one that every function gets."""

    def load(self):
        basic = "service-role/AWSLambdaBasicExecutionRole"
        return {"AWSLambdaBasicExecutionRole": f"arn:aws:iam::aws:policy/{basic}"}


class Loader(yaml.SafeLoader):
    """Reads the short forms of CloudFormation's functions."""


Loader.add_constructor("!Ref", lambda loader, node: {"Ref": node.value})
Loader.add_constructor("!Sub", lambda loader, node: {"Fn::Sub": node.value})
Loader.add_constructor("!GetAtt", lambda loader, node: {"Fn::GetAtt": node.value.split(".")})


def cfn_lint(path):
    # Beside this interpreter: the version of requirements.txt, not one of the system's.
    program = Path(sys.executable).with_name("cfn-lint")
    options = ["--regions", REGION, "--include-checks", "I", "--"]
    run = subprocess.run([program, *options, path], capture_output=True, text=True)
    return [run.stdout + run.stderr] if run.returncode else []


def check(path):
    template = yaml.load(path.read_text(), Loader)
    # What CodeUri names is built later; the translation wants an address in S3.
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://bucket/function.zip"
    parameters = {
        "SkillId": "amzn1.ask.skill.00000000-0000-0000-0000-000000000000",
        "Email": "you@example.com",
    }
    translated = transform(template, parameters, Managed())
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "translated.json"
        output.write_text(json.dumps(translated, indent=2))
        return cfn_lint(path) + cfn_lint(output)


found = [text for path in map(Path, sys.argv[1:]) for text in check(path)]
print("\n".join(found) or f"{len(sys.argv) - 1} templates, nothing found")
sys.exit(bool(found))
