"""Google's Drive API and token endpoint for tests: real HTTP on loopback.

It checks the signatures of service accounts as Google does. ``faults`` come before anything else,
one for each request; ``no_markdown`` answers 400 to an export as Markdown, as Google does for types
that it cannot convert to; an export longer than ``largest`` is refused.
"""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode
from collections import deque
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.servers.faults import Answer
from tests.support.loopback import LoopbackServer

TOKEN = "ya29.test-access-token-0123456789"
EMAIL = "reader@acme.iam.gserviceaccount.com"
DOCUMENT = "application/vnd.google-apps.document"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/drive.readonly"
LARGEST = 10 * 1024 * 1024
PATIENCE = 3600


@dataclass(frozen=True)
class Document:
    """A file in the drive."""

    name: str
    markdown: str
    plain: str
    type: str


@cache
def account_key() -> RSAPrivateKey:
    """The service account's; made once in a test run."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def key_file(**changed: str) -> str:
    """The JSON file that Google gives for a service account."""
    pem = account_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    held = {
        "type": "service_account",
        "private_key_id": "k1",
        "private_key": pem.decode(),
        "client_email": EMAIL,
        "token_uri": "https://attacker.example/token",
    }
    return json.dumps(held | changed)


class GoogleServer(LoopbackServer):
    """One account's view of a drive."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.asked: list[str] = []
        self.faults: deque[Answer] = deque()
        self.no_markdown = False
        self.largest = LARGEST
        self._documents: dict[str, Document] = {}

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    def document(self, name: str, markdown: str, plain: str = "", type_: str = DOCUMENT) -> str:
        """A document that is shared with the account; gives its id."""
        file_id = f"1AbC_document-number-{len(self._documents):04d}"
        self._documents[file_id] = Document(name, markdown, plain, type_)
        return file_id

    # What it answers

    def answer(self, path: str, query: dict[str, str], authorization: str) -> Answer:
        self.asked.append(path)
        if self.faults:
            return self.faults.popleft()
        if authorization != f"Bearer {TOKEN}":
            return refusal(401, "authError", "Invalid Credentials")
        if path == "/drive/v3/about":
            return Answer(200, {"user": {"emailAddress": EMAIL, "displayName": EMAIL}})
        file_id, _slash, action = path.removeprefix("/drive/v3/files/").partition("/")
        found = self._documents.get(file_id)
        if found is None:
            return refusal(404, "notFound", f"File not found: {file_id}.")
        return self._export(found, query) if action == "export" else self._file(file_id, found)

    def _file(self, file_id: str, found: Document) -> Answer:
        link = f"https://docs.google.com/document/d/{file_id}/edit?usp=drivesdk"
        told = {"id": file_id, "name": found.name, "mimeType": found.type, "webViewLink": link}
        return Answer(200, {**told, "modifiedTime": "2026-10-01T12:00:00.000Z"})

    def _export(self, found: Document, query: dict[str, str]) -> Answer:
        markdown = query.get("mimeType") == "text/markdown"
        if markdown and self.no_markdown:
            return refusal(400, "badRequest", "The requested conversion is not supported.")
        body = (found.markdown if markdown else f"\ufeff{found.plain}").encode()
        if len(body) > self.largest:
            return refusal(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
        return Answer(200, body, {"Content-Type": query.get("mimeType", "")})

    def exchange(self, given: dict[str, str]) -> Answer:
        """A token for a statement that the account's key signed."""
        self.asked.append("/token")
        if self.faults:
            return self.faults.popleft()
        if given.get("grant_type") != GRANT or not self._is_signed(given.get("assertion", "")):
            return Answer(400, {"error": "invalid_grant", "error_description": "Invalid JWT."})
        return Answer(200, {"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"})

    def _is_signed(self, assertion: str) -> bool:
        signed, _dot, signature = assertion.rpartition(".")
        header, claims = (json.loads(_unbase64(part)) for part in signed.split("."))
        try:
            account_key().public_key().verify(
                _unbase64(signature), signed.encode(), PKCS1v15(), SHA256()
            )
        except InvalidSignature:
            return False
        now = time.time()
        right = {"iss": EMAIL, "scope": SCOPE, "aud": self.token_url}
        return (
            header["alg"] == "RS256"
            and {name: claims[name] for name in right} == right
            and claims["iat"] <= now + 1
            and now < claims["exp"] <= claims["iat"] + PATIENCE
        )

    def handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                given = self.headers.get("Authorization", "")
                server.answer(url.path, query, given).send(self)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                given = {name: values[0] for name, values in parse_qs(body).items()}
                server.exchange(given).send(self)

        return Handler


def refusal(status: int, reason: str, message: str) -> Answer:
    """An error as the Drive API words it."""
    errors = [{"domain": "global", "reason": reason, "message": message}]
    body: dict[str, Any] = {"error": {"code": status, "message": message, "errors": errors}}
    return Answer(status, body)


def _unbase64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
