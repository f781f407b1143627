"""Drives the built program against a server that checks signatures and that we did not write.

check.py MINISTACK VISION_EVAL
"""

import base64
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

MINISTACK, PROGRAM = (os.path.abspath(word) for word in sys.argv[1:3])
IMAGE = os.path.abspath(os.path.join("datasets/charts/media", sorted(os.listdir("datasets/charts/media"))[0]))
# The colon of one and the slash of the other are what signers get wrong.
MODELS = [
    "us.amazon.nova-lite-v1:0",
    "arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.amazon.nova-lite-v1:0",
]
BUCKET = "documents"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def send(host, service, path="/", body=None, method="POST"):
    """Sends as the server's own administrator, whose signature it does not look at."""
    scope = f"test/20260101/us-east-1/{service}/aws4_request"
    proof = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    request = urllib.request.Request(host + path, body, {"Authorization": proof}, method=method)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return reply.read()


def query(host, service, version, **fields):
    body = urllib.parse.urlencode({"Version": version, **fields}).encode()
    return send(host, service, body=body).decode()


def token(issuer):
    """A token of another system's. The server reads it, and does not look at its signature."""
    parts = [{"alg": "RS256"}, {"iss": issuer, "sub": "reader", "aud": "sts.amazonaws.com"}]
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*coded, "c2ln"])


def keys_in(text):
    names = {"AccessKeyId": "AWS_ACCESS_KEY_ID", "SecretAccessKey": "AWS_SECRET_ACCESS_KEY"}
    names["SessionToken"] = "AWS_SESSION_TOKEN"
    found = {name: re.search(f"<{tag}>(.*?)</{tag}>", text) for tag, name in names.items()}
    return {name: match.group(1) for name, match in found.items() if match}


def prepare(host):
    """A user with a key, a role that a token may take on, and a bucket."""
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    issuer = {"Federated": "arn:aws:iam::000000000000:oidc-provider/issuer.test"}
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"},
        {"Effect": "Allow", "Principal": issuer, "Action": "sts:AssumeRoleWithWebIdentity"},
    ]}
    iam = lambda **fields: query(host, "iam", "2010-05-08", **fields)
    iam(Action="CreateUser", UserName="reader")
    iam(Action="PutUserPolicy", UserName="reader", PolicyName="all", PolicyDocument=json.dumps(allow))
    iam(Action="CreateRole", RoleName="reader", AssumeRolePolicyDocument=json.dumps(trust))
    iam(Action="PutRolePolicy", RoleName="reader", PolicyName="all", PolicyDocument=json.dumps(allow))
    send(host, "s3", f"/{BUCKET}", method="PUT")
    return keys_in(iam(Action="CreateAccessKey", UserName="reader"))


class Shell:
    """Runs the program in a folder of its own, with these variables and no others."""

    def __init__(self, folder, host):
        self.folder, self.host = folder, host
        self.base = {
            "PATH": os.environ["PATH"], "HOME": folder, "AWS_REGION": "us-east-1",
            "BEDROCK_BASE_URL": host, "TEXTRACT_BASE_URL": host,
        }

    def run(self, variables, *words):
        ended = subprocess.run(
            [PROGRAM, *words], cwd=self.folder, env={**self.base, **variables}, capture_output=True, text=True, timeout=120)
        shown = ended.stdout + ended.stderr
        for name in ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]:
            assert variables.get(name, "\0") not in shown, f"{name} is shown"
        return ended

    def reads(self, variables, what):
        for model in MODELS:
            ended = self.run(variables, "ask", f"bedrock/{model}", IMAGE, "What is it?")
            assert ended.returncode == 0 and "ministack" in ended.stdout, f"{what}: {ended.stderr}"
        print(f"{what}: taken")

    def is_refused(self, variables, what, *words):
        words = words or ("ask", f"bedrock/{MODELS[0]}", IMAGE, "What is it?")
        ended = self.run(variables, *words)
        assert ended.returncode == 96 and "key rejected by 127.0.0.1" in ended.stderr, f"{what}: {ended}"
        print(f"{what}: refused")


def wrong(keys, name):
    """The same keys with one letter changed."""
    value = keys[name]
    return {**keys, name: ("A" if value[0] != "A" else "B") + value[1:]}


def signatures(shell, keys):
    shell.reads(keys, "a key")
    shell.is_refused(wrong(keys, "AWS_SECRET_ACCESS_KEY"), "another secret")
    shell.is_refused(wrong(keys, "AWS_ACCESS_KEY_ID"), "an unknown key")
    listed = shell.run(keys, "providers", "models", "bedrock")
    assert listed.returncode == 0 and "amazon.nova" in listed.stdout, listed
    print("the list of models: taken")


def sources(shell, keys):
    """Whatever gives out temporary keys, asked by the program itself."""
    host = shell.host
    role = "arn:aws:iam::000000000000:role/reader"
    given = query(host, "sts", "2011-06-15", Action="AssumeRole", RoleArn=role, RoleSessionName="one")
    session = keys_in(given)
    shell.reads(session, "a session")
    shell.is_refused(wrong(session, "AWS_SESSION_TOKEN"), "another session's token")
    for issuer in ["https://issuer.test", "https://somebody-else.test"]:
        with open(os.path.join(shell.folder, "token"), "w", encoding="utf-8") as file:
            file.write(token(issuer))
        variables = {
            "AWS_WEB_IDENTITY_TOKEN_FILE": file.name, "AWS_ROLE_ARN": role, "AWS_ENDPOINT_URL_STS": host,
        }
        if issuer == "https://issuer.test":
            shell.reads(variables, "a role by a token of another system")
        else:
            ended = shell.run(variables, "ask", f"bedrock/{MODELS[0]}", IMAGE, "What is it?")
            assert ended.returncode == 96 and f"gives no keys for the role {role}" in ended.stderr, ended
            print("a token of a system that the role does not trust: refused")
    # These two give out keys that the server itself does not know: they are used, and refused.
    shell.is_refused({"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{host}/v2/credentials/one"}, "the agent of a container, asked")
    shell.is_refused({"AWS_EC2_METADATA_SERVICE_ENDPOINT": host}, "the metadata of a machine, asked")
    off = shell.run({"AWS_EC2_METADATA_DISABLED": "true"}, "ask", f"bedrock/{MODELS[0]}", IMAGE, "What is it?")
    assert off.returncode == 96 and "no AWS keys: tried" in off.stderr, off


def storage(shell, keys):
    """Textract itself is not there: what is tested is that it is asked with a good signature, and what lies in the bucket."""
    pages = "".join(f"{n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" for n in (3, 4))
    pdf = f"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj\n{pages}trailer<</Root 1 0 R>>\n%%EOF\n"
    config = f'''[[provider]]
kind = "textract"
model = "text"
settings = {{ bucket = "{BUCKET}", prefix = "a-folder/", delete = false }}
'''
    for name, text in [("two.pdf", pdf), ("eval.toml", config)]:
        with open(os.path.join(shell.folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    ask = ("ask", "textract/text", "two.pdf", "What is it?")
    shell.is_refused(wrong(keys, "AWS_SECRET_ACCESS_KEY"), "another secret at the bucket", *ask)
    ended = shell.run(keys, *ask)
    assert "key rejected" not in ended.stderr, ended
    listed = send(shell.host, "s3", f"/{BUCKET}?list-type=2", method="GET").decode()
    names = re.findall("<Key>(.*?)</Key>", listed)
    assert len(names) == 1 and names[0].startswith("a-folder/"), listed
    assert send(shell.host, "s3", f"/{BUCKET}/{names[0]}", method="GET") == pdf.encode()
    print("a document in the bucket: whole")


def main():
    host = f"http://127.0.0.1:{(port := free_port())}"
    settings = {"AUTH": "true", "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "LOG_LEVEL": "WARNING"}
    with tempfile.TemporaryDirectory() as folder:
        log = open(os.path.join(folder, "log"), "w", encoding="utf-8")
        server = subprocess.Popen(
            [MINISTACK], env={**os.environ, **settings}, cwd=folder, stdout=log, stderr=log)
        try:
            for _ in range(300):
                assert server.poll() is None, "ministack ended at once"
                try:
                    health = json.load(urllib.request.urlopen(f"{host}/_ministack/health", timeout=5))
                    break
                except OSError:
                    time.sleep(0.1)
            assert health["auth"] == "enabled", health
            shell = Shell(folder, host)
            keys = prepare(host)
            signatures(shell, keys)
            sources(shell, keys)
            storage(shell, keys)
        finally:
            server.terminate()
            server.wait(20)
            log.close()
    print("both sides agree on every signature")


main()
