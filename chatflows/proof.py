"""What proves who sends a request: headers made of a credential, kept out of what comes back."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chatflows.executor.ports import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.executor.ports import Response

# Shorter ones stand in any text by chance.
SHORTEST_HIDDEN, HIDDEN = 8, "•••"


@dataclass(frozen=True)
class Proof:
    """``secrets`` are the texts that nobody may read, however they are sent."""

    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()

    def kept_out(self, response: Response) -> Response:
        """``response`` without the secrets: servers repeat what they were sent, such as a key that
        they do not take."""
        if not self.secrets:
            return response
        body = reduce(_hidden_in, self.secrets, response.body)
        headers = {name: reduce(_hidden, self.secrets, e) for name, e in response.headers.items()}
        return replace(response, headers=headers, body=body)


def proof_of(values: Mapping[str, str]) -> Proof:
    """The proof that a credential's ``values`` are; raises ``RequestError``."""
    token, user, header = (values.get(name, "") for name in ("token", "username", "header"))
    pair = base64.b64encode(f"{user}:{token}".encode()).decode()
    if header:
        found = {header: token}
    elif user:
        found = {"Authorization": f"Basic {pair}"}
    else:
        found = {"Authorization": f"Bearer {token}"}
    if not all(each.isascii() and each.isprintable() for each in (*found, *found.values())):
        raise RequestError(_("The credential cannot be sent as a header."), permanent=True)
    spelled = (token, pair if user else "")
    return Proof(found, tuple(each for each in spelled if len(each) >= SHORTEST_HIDDEN))


def _hidden(text: str, secret: str) -> str:
    return text.replace(secret, HIDDEN)


def _hidden_in(body: bytes, secret: str) -> bytes:
    return body.replace(secret.encode(), HIDDEN.encode())
