"""Telegram's Bot API for tests: real HTTP on loopback, as its server's source says that it answers.

There is one bot, ``TOKEN``. What people write to it (``write``, ``press``) is delivered to the
webhook that was set, in order for each chat, again and again until it is taken; what it sent is in
``sent``. A webhook's answer that names a method is carried out, as Telegram does.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.servers.channel_server import ChannelServer, serve
from tests.servers.faults import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.channel_calls import Call
    from tests.servers.channel_server import Delivery

TOKEN = "7000000001:AAE-test_0123456789abcdefghijklmnop"
BOT = {
    "id": 7000000001,
    "is_bot": True,
    "first_name": "Acme helps",
    "username": "acme_help_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
PORTS = {80, 88, 443, 8443}
LONGEST, LONGEST_SECRET, LONGEST_DATA = 4096, 256, 64
# Bytes of a text with its markup, and entities that are read of it; others are plain text.
LONGEST_RAW, MOST_ENTITIES = 1 << 15, 100
# Entities that are read before those that only change the look of a text.
FIRST = {"a", "code", "pre", "blockquote"}
TAGS = {
    *("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a"),
    *("blockquote", "tg-spoiler", "span"),
}
# How long it waits before each new attempt: at once, then twice as long each time.
RETRIES = (0, 2, 4, 8, 16, 32, 60, 60, 60)


class MarkupError(Exception):
    """Telegram cannot make entities of a text."""


@dataclass
class Webhook:
    url: str = ""
    secret: str = ""
    allowed: list[str] = field(default_factory=list)
    most: int = 40

    def wants(self, kind: str) -> bool:
        return not self.allowed or kind in self.allowed


class TelegramServer(ChannelServer):
    """One bot, and the people who write to it."""

    def reset(self) -> None:
        super().reset()
        self.webhook = Webhook()
        self.sent: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        self.actions: list[dict[str, Any]] = []
        self.pressed: list[dict[str, Any]] = []
        self.blocked: set[int] = set()
        self.revoked = False
        self._set_at = 0.0
        self._last_error = ""
        self._last_error_at = 0.0
        self._pending = 0
        self._updates, self._messages = count(1), count(1)

    # What people do

    def write(self, text: str = "", chat: int = 501, **more: Any) -> Delivery | None:
        """Somebody writes to the bot in a private chat; ``more`` is put into the message."""
        return self.tell("message", self.message(text, chat, **more))

    def message(self, text: str, person_id: int = 501, **more: Any) -> dict[str, Any]:
        names = {"first_name": "Ana", "username": f"ana{person_id}"}
        person = {"id": person_id, "is_bot": False, **names}
        said = {"text": text} if text else {}
        return {
            "message_id": next(self._messages),
            "from": person,
            "chat": {"id": person_id, "type": "private", "first_name": "Ana"},
            "date": int(self.now()),
            **said,
            **more,
        }

    def in_group(self, text: str, person: int = 501, group: int = -100200, **more: Any) -> Any:
        """Somebody writes in a group that the bot is in."""
        chat = {"id": group, "type": "supergroup", "title": "Friends of Acme"}
        who = {"id": person, "is_bot": False, "first_name": f"Person {person}"}
        more = {"from": who, "chat": chat} | more
        return self.tell("message", self.message(text, person, **more))

    def press(self, label: str, chat: int = 501) -> Delivery | None:
        """Somebody presses a button below the newest message that has one of this name."""
        for message in reversed(self.sent):
            rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
            for button in (button for row in rows for button in row):
                if button["text"] == label and "callback_data" in button:
                    return self.tell("callback_query", self._press(message, button, chat))
        raise AssertionError(f"There is no button {label!r}.")

    def _press(self, message: dict[str, Any], button: dict[str, Any], chat: int) -> dict[str, Any]:
        person = {"id": chat, "is_bot": False, "first_name": "Ana"}
        shown = {
            "message_id": message["message_id"],
            "from": BOT,
            "chat": {"id": chat, "type": "private"},
            "date": int(self.now()),
            "text": message["text"],
            "reply_markup": message["reply_markup"],
        }
        data = button["callback_data"]
        return {"id": f"cb{next(self._updates)}", "from": person, "message": shown, "data": data}

    def tell(self, kind: str, what: dict[str, Any]) -> Delivery | None:
        """Deliver an update; nothing where no webhook wants it."""
        update = {"update_id": next(self._updates), kind: what}
        return self.again(update) if self.webhook.url and self.webhook.wants(kind) else None

    def again(self, update: dict[str, Any], secret: str | None = None) -> Delivery:
        """Deliver an update, maybe one more time, or with another secret."""
        given = self.webhook.secret if secret is None else secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": given} if given else {}
        headers |= {"Accept-Encoding": "gzip, deflate"}
        body = json.dumps(update).encode()
        delivery = self.deliver(self.webhook.url, body, headers, RETRIES)
        if delivery.arrived:
            self._pending = 0
            self._carry_out(delivery.last.body)
        else:
            status = delivery.last.status
            self._pending += 1
            self._last_error = f"Wrong response from the webhook: {status} Error"
            self._last_error_at = self.now()
        return delivery

    def _carry_out(self, body: bytes) -> None:
        try:
            wanted = json.loads(body)
        except ValueError:
            return
        if isinstance(wanted, dict) and (method := wanted.pop("method", None)):
            self._method(method.lower(), wanted)

    def push(self, wanted: dict[str, Any]) -> Any:
        found = self.write(wanted.get("text", ""), wanted.get("chat", 501))
        return {"status": found.last.status if found else 0}

    # What it answers

    def answer(self, call: Call) -> Answer:
        found = re.fullmatch(r"/bot([^/]*)/(\w+)", call.path)
        if not found:
            return refusal(404, "Not Found")
        token, method = found.groups()
        if ":" not in token or token.startswith("0") or len(token) > 80:
            return refusal(401, "Unauthorized: invalid token specified")
        if token != TOKEN or self.revoked:
            return refusal(401, "Unauthorized")
        kind = call.headers.get("content-type", "")
        given = call.json if call.body and "json" in kind else {**call.query, **call.form}
        return self._method(method.lower(), given)

    def _method(self, method: str, given: dict[str, Any]) -> Answer:
        methods: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "getme": lambda _: result(BOT),
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": lambda _: result(self._info()),
            "setmycommands": self._set_commands,
            "sendchataction": lambda given: self._noted(self.actions, given),
            "answercallbackquery": lambda given: self._noted(self.pressed, given),
            "sendmessage": self._send,
        }
        act = methods.get(method)
        return act(given) if act else refusal(404, "Not Found: method not found")

    def _noted(self, where: list[dict[str, Any]], given: dict[str, Any]) -> Answer:
        where.append(given)
        return result(True)

    def _set_commands(self, given: dict[str, Any]) -> Answer:
        self.commands = list(given.get("commands", ()))
        return result(True)

    def _delete_webhook(self, _given: dict[str, Any]) -> Answer:
        was = bool(self.webhook.url)
        self.webhook = Webhook()
        return result(True, f"Webhook {'was' if was else 'is already'} deleted")

    def _info(self) -> dict[str, Any]:
        info = {
            "url": self.webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": self._pending,
            "max_connections": self.webhook.most,
        }
        if self.webhook.allowed:
            info["allowed_updates"] = self.webhook.allowed
        if self._last_error:
            info |= {
                "last_error_date": int(self._last_error_at),
                "last_error_message": self._last_error,
            }
        return info

    def _set_webhook(self, given: dict[str, Any]) -> Answer:
        url, secret = str(given.get("url", "")), str(given.get("secret_token", ""))
        wanted = Webhook(url, secret, list(given.get("allowed_updates", ())))
        if wanted == self.webhook and url:
            return result(True, "Webhook is already set")
        if url and self.now() - self._set_at < 1:
            return flood(1)
        if problem := _wrong(url, secret):
            # The old one is closed first.
            self.webhook = Webhook()
            return refusal(400, f"Bad Request: {problem}")
        self._set_at = self.now()
        self.webhook = wanted
        return result(True, "Webhook was set" if url else "Webhook was deleted")

    def _send(self, given: dict[str, Any]) -> Answer:
        chat, text = given.get("chat_id"), str(given.get("text", ""))
        if problem := self._not_sent(chat, text):
            return refusal(*problem)
        try:
            markup = _read(text) if given.get("parse_mode") == "HTML" else None
        except MarkupError as error:
            return refusal(400, f"Bad Request: can't parse entities: {error}")
        shown = "".join(markup.seen) if markup else text
        if not shown.strip():
            return refusal(400, "Bad Request: message text is empty")
        if len(shown.encode("utf-16-le")) // 2 > LONGEST:
            return refusal(400, "Bad Request: message is too long")
        rows = (given.get("reply_markup") or {}).get("inline_keyboard", [])
        if any(len(b.get("callback_data", "").encode()) > LONGEST_DATA for r in rows for b in r):
            return refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        sent = {**given, "message_id": next(self._messages), "shown": shown}
        sent["links"] = markup.links if markup else []
        self.sent.append(sent)
        return result({"message_id": sent["message_id"], "chat": {"id": chat}, "text": shown})

    def _not_sent(self, chat: Any, text: str) -> tuple[int, str] | None:
        if chat in {None, ""}:
            return 400, "Bad Request: chat_id is empty"
        if not isinstance(chat, int):
            return 400, "Bad Request: chat not found"
        if chat in self.blocked:
            return 403, "Forbidden: bot was blocked by the user"
        if len(text.encode()) > LONGEST_RAW:
            return 400, "Bad Request: text is too long"
        return None if text else (400, "Bad Request: message text is empty")


def result(what: Any, description: str = "") -> Answer:
    said = {"description": description} if description else {}
    return Answer(200, {"ok": True, "result": what, **said})


def refusal(status: int, description: str) -> Answer:
    return Answer(status, {"ok": False, "error_code": status, "description": description})


def flood(seconds: int) -> Answer:
    body = {
        "ok": False,
        "error_code": 429,
        "description": f"Too Many Requests: retry after {seconds}",
        "parameters": {"retry_after": seconds},
    }
    return Answer(429, body, {"Retry-After": str(seconds)})


def _wrong(url: str, secret: str) -> str:
    parts = urlsplit(url)
    faults = {
        "invalid webhook URL specified": not parts.hostname,
        "secret token is too long": len(secret) > LONGEST_SECRET,
        "secret token contains unallowed characters": not re.fullmatch(r"[A-Za-z0-9_-]*", secret),
        "bad webhook: An HTTPS URL must be provided for webhook": parts.scheme != "https",
        "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443": (
            (parts.port or 443) not in PORTS
        ),
    }
    return next((words for words, is_so in faults.items() if url and is_so), "")


class _Markup(HTMLParser):
    """What is seen of a text, where all of it is what Telegram knows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.open: list[str] = []
        self._first: list[str] = []

    @property
    def links(self) -> list[str]:
        """Where what can be pressed leads."""
        return [address for address in self._first[:MOST_ENTITIES] if address]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset 0')
        # A language is said by "code" within "pre".
        if tag in FIRST and self.open[-1:] != ["pre"]:
            self._first.append(dict(attrs).get("href") or "")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise MarkupError(f'Unmatched end tag at byte offset 0, expected "</{tag}>"')

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


def _read(text: str) -> _Markup:
    markup = _Markup()
    markup.feed(text)
    markup.close()
    if markup.open:
        raise MarkupError(f'Can\'t find end tag corresponding to start tag "{markup.open[-1]}"')
    return markup


if __name__ == "__main__":
    serve(TelegramServer())
