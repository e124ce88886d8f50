"""What Meta refuses, and how it words it: Graph errors, and the limits of WhatsApp's messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.servers.faults import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

LONGEST_TEXT = 4096
HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
TRACE = "AfVqGnv1MVAkYkIq7vKS5Zq"
# What Meta calls errors of what was asked, and not of who asks.
METHOD = "GraphMethodException"


@dataclass(frozen=True)
class GraphError:
    """An error of the Cloud API, as the answer to a call or in a message's status."""

    status: int
    title: str
    details: str = ""
    kind: str = "OAuthException"
    is_transient: bool = False


ERRORS: dict[int, GraphError] = {
    0: GraphError(401, "AuthException", "Unable to authenticate the app user."),
    1: GraphError(400, "API Unknown", "Invalid request or possible server error."),
    2: GraphError(500, "API Service", "Temporary due to downtime.", METHOD, is_transient=True),
    3: GraphError(500, "API Method", "Capability or permissions issue."),
    4: GraphError(429, "Application request limit reached", is_transient=True),
    10: GraphError(403, "Application does not have permission for this action"),
    17: GraphError(429, "User request limit reached", is_transient=True),
    100: GraphError(400, "Invalid parameter"),
    102: GraphError(401, "API Session"),
    190: GraphError(401, "Access token has expired"),
    200: GraphError(403, "You do not have the necessary permission to perform this action"),
    341: GraphError(400, "Application limit reached"),
    368: GraphError(403, "Temporarily blocked for policies violations"),
    803: GraphError(404, "Some of the aliases you requested do not exist", kind=METHOD),
    80007: GraphError(429, "Rate limit issues", is_transient=True),
    80008: GraphError(400, "There have been too many calls to this WhatsApp Business account."),
    130429: GraphError(
        429,
        "Rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number "
        "in a short period of time",
    ),
    131000: GraphError(500, "Something went wrong", "Message failed to send."),
    131005: GraphError(403, "Access denied"),
    131008: GraphError(400, "Required parameter is missing"),
    131009: GraphError(400, "Parameter value is not valid"),
    131016: GraphError(500, "Service unavailable"),
    131026: GraphError(400, "Message undeliverable", "Message Undeliverable."),
    131031: GraphError(403, "Business Account locked"),
    131047: GraphError(
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last "
        "replied to this number.",
    ),
    131048: GraphError(400, "Spam rate limit hit", "Too many messages were marked as spam."),
    131051: GraphError(400, "Unsupported message type", "Message type is currently not supported."),
    131056: GraphError(
        400,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number "
        "to the same phone number in a short period of time.",
    ),
    131057: GraphError(500, "Account in maintenance mode"),
    133004: GraphError(503, "Server Temporarily Unavailable"),
}


def refusal(
    code: int, details: str = "", message: str = "", subcode: int = 0, kind: str = ""
) -> Answer:
    """An error as the Graph API words it; ``details`` of the messages' own, ``message`` and
    ``kind`` instead of the usual ones."""
    known = ERRORS[code]
    message, kind = message or f"(#{code}) {known.title}", kind or known.kind
    told = {"message": message, "type": kind, "code": code}
    if subcode:
        told["error_subcode"] = subcode
    details = details or known.details
    if details:
        told["error_data"] = {"messaging_product": "whatsapp", "details": details}
    if known.is_transient:
        told["is_transient"] = True
    return Answer(known.status, {"error": told | {"fbtrace_id": TRACE}})


def as_status_error(code: int) -> Json:
    """The same error in the status of a message that failed."""
    known = ERRORS[code]
    told = {"code": code, "title": known.title, "message": known.title}
    return told | {"error_data": {"details": known.details or known.title}, "href": HELP}


def refused_body(body: Json) -> Answer | None:
    """Why nothing at all is done, or None."""
    is_known = body.get("messaging_product") == "whatsapp"
    return None if is_known else _missing("messaging_product")


def refused_message(body: Json) -> Answer | None:
    """Why a message is not taken, whoever it is to; None where it is."""
    if not (body.get("to") or body.get("recipient")):
        return _missing("to")
    kind = body.get("type", "text")
    if kind == "text":
        return _refused_text(body.get("text") or {})
    if kind == "interactive":
        wrong = next(_wrong_interactive(body.get("interactive") or {}), "")
        return refusal(131009, wrong) if wrong else None
    if kind in TAKEN:
        return None
    return refusal(100, f"Param type must be one of {{{', '.join(sorted(TAKEN))}}} - got '{kind}'.")


TAKEN = {"audio", "contacts", "document", "image", "interactive", "location", "reaction", "sticker"}
TAKEN |= {"template", "text", "video"}


def _missing(name: str) -> Answer:
    return refusal(100, message=f"(#100) The parameter {name} is required.")


def _refused_text(text: Json) -> Answer | None:
    if not text.get("body"):
        return _missing("text['body']")
    if len(text["body"]) > LONGEST_TEXT:
        return refusal(100, f"Param text['body'] must be at most {LONGEST_TEXT} characters long.")
    return None


def _wrong_interactive(given: Json) -> Iterator[str]:
    """What is wrong with a message that offers choices."""
    kind, action = given.get("type"), given.get("action") or {}
    if kind not in {"button", "list"}:
        yield f"Interactive type '{kind}' is not valid."
        return
    longest = 1024 if kind == "button" else LONGEST_TEXT
    yield from _wrong_length("Body text", given.get("body", {}).get("text"), longest)
    for part in ("header", "footer"):
        if part in given:
            yield from _wrong_length(f"{part.title()} text", given[part].get("text"), 60)
    yield from _wrong_buttons(action) if kind == "button" else _wrong_list(action)


def _wrong_buttons(action: Json) -> Iterator[str]:
    buttons = [each.get("reply") or {} for each in action.get("buttons") or []]
    if not 1 <= len(buttons) <= 3:
        yield "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3"
    yield from _repeated("buttons", [each.get("id") for each in buttons])
    for each in buttons:
        yield from _wrong_length("Button id", each.get("id"), 256)
        yield from _wrong_length("Button title", each.get("title"), 20)


def _wrong_list(action: Json) -> Iterator[str]:
    yield from _wrong_length("Button label", action.get("button"), 20)
    sections = action.get("sections") or []
    rows = [row for section in sections for row in section.get("rows") or []]
    if not 1 <= len(rows) <= 10:
        yield "Total row count exceed max allowed count: 10"
    if len(sections) > 1:
        for section in sections:
            yield from _wrong_length("Section title", section.get("title"), 24)
    yield from _repeated("rows", [each.get("id") for each in rows])
    for each in rows:
        yield from _wrong_length("Row id", each.get("id"), 200)
        yield from _wrong_length("Row title", each.get("title"), 24)
        yield from _wrong_length("Row description", each.get("description", "-"), 72)


def _wrong_length(what: str, text: str | None, most: int) -> Iterator[str]:
    if not text or len(text) > most:
        yield f"{what} length invalid. Min length: 1, Max length: {most}"


def _repeated(what: str, ids: list[Any]) -> Iterator[str]:
    if len(set(ids)) < len(ids):
        yield f"Duplicated ids in {what}."
