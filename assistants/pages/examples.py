"""Commands and tags that people copy, for this server and one assistant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistants.schema import Variable
    from drafts.models import Entity

# Never the key itself: what is copied into a terminal stays in its history.
PLACEHOLDER = "$PRIVEXBOT_API_KEY"
# The visitor as a signed token, which no server needs to keep.
VOUCH_IN_PYTHON = """\
import os
import time

import jwt  # pip install PyJWT

claims = {
    "sub": str(user.id),
    "name": user.name,
    "email": user.email,
    "exp": int(time.time()) + 3600,
}
token = jwt.encode(claims, os.environ["PRIVEXBOT_IDENTITY_SECRET"], "HS256")"""
VOUCH_IN_NODE = """\
import jwt from "jsonwebtoken"; // npm install jsonwebtoken

const claims = { sub: String(user.id), name: user.name, email: user.email };
const secret = process.env.PRIVEXBOT_IDENTITY_SECRET;
const token = jwt.sign(claims, secret, { algorithm: "HS256", expiresIn: "1h" });"""
VOUCH_IN_PHP = """\
use Firebase\\JWT\\JWT; // composer require firebase/php-jwt

$claims = [
    'sub' => (string) $user->id,
    'name' => $user->name,
    'email' => $user->email,
    'exp' => time() + 3600,
];
$token = JWT::encode($claims, getenv('PRIVEXBOT_IDENTITY_SECRET'), 'HS256');"""
VOUCH_ON_PAGE = """\
window.PrivexBot = window.PrivexBot || [];
PrivexBot.push(["identify", {identityToken: token}]);"""
# The older way: only the id is signed, and it is good for as long as the secret.
SIGN_THE_ID = """\
import hmac
import os

secret = os.environ["PRIVEXBOT_IDENTITY_SECRET"]
signature = hmac.new(secret.encode(), user_id.encode(), "sha256").hexdigest()"""
IDENTIFY_BY_HASH = """\
window.PrivexBot = window.PrivexBot || [];
PrivexBot.push(["identify", {user_id: "42", hash: signature, name: "Ana"}]);"""


def curl_chat(public_url: str, url_name: str, entity: Entity) -> str:
    """One message through the chat API."""
    return _curl(
        f"{public_url}/api/v1/{url_name}/{entity.pk}/chat",
        {"message": "Hello", "session_id": "visitor-1"},
    )


def curl_openai(public_url: str, entity: Entity) -> str:
    """The same through the OpenAI-compatible endpoint."""
    body = {"model": entity.slug, "messages": [{"role": "user", "content": "Hello"}]}
    return _curl(f"{public_url}/v1/chat/completions", body)


def page_calls(variables: Sequence[Variable]) -> str:
    """How the website's page speaks to the widget, with one of the assistant's own variables."""
    name = variables[0].name if variables else "plan"
    return (
        "window.PrivexBot = window.PrivexBot || [];\n"
        f'PrivexBot.push(["identify", {{name: "Ana", variables: {{{name}: "…"}}}}]);\n'
        'PrivexBot.push(["open"]);'
    )


def _curl(url: str, body: Mapping[str, Any]) -> str:
    return (
        f"curl {url} \\\n"
        f'  -H "Authorization: Bearer {PLACEHOLDER}" \\\n'
        f'  -H "Content-Type: application/json" \\\n'
        f"  -d '{json.dumps(body)}'"
    )
