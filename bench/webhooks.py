"""Messages that come in by webhook: how many a second until each is answered, from many chats at
once. Beside it, the same messages over the chat API, which waits for its answers.

``python -m bench.webhooks [SCALE]``
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import tempfile
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

from bench.load import Request, Result, run
from bench.product import Model, Product
from bench.run import deployed_assistant, draft_data
from bench.telegram import Telegram

CLIENTS, CHATS, EACH = 64, 200, 5
PATIENCE = 300


def on_telegram(product: Product, telegram: Telegram) -> tuple[str, dict[str, str]]:
    """The address and headers with which a deployed chatbot is written to."""
    values = {"name": "Bench", "kind": "telegram", "values": {"bot_token": "7:bench"}}
    credential = product.call("POST", "/api/v1/credentials", values)["id"]
    channel = {"type": "telegram", "enabled": True, "config": {"bot_token": credential}}
    data = draft_data() | {"deployment": {"channels": [channel]}}
    draft = product.call("POST", "/api/v1/chatbots/draft", {"data": data})["draft_id"]
    product.call("POST", f"/api/v1/chatbots/draft/{draft}/deploy", {})
    deadline = time.monotonic() + 60
    while not (told := telegram.counts()["told"]):
        if time.monotonic() > deadline:
            raise SystemExit("The webhook was not set.")
        time.sleep(0.1)
    time.sleep(1)
    secret = {"X-Telegram-Bot-Api-Secret-Token": told["secret_token"]}
    return urlsplit(told["url"]).path, secret


def update(number: int) -> dict[str, object]:
    chat = {"id": 1000 + number % CHATS, "type": "private"}
    person = {"id": chat["id"], "is_bot": False, "first_name": "Ana"}
    text = f"Question {number}"
    message = {"message_id": number, "from": person, "chat": chat, "date": 0, "text": text}
    return {"update_id": number, "message": message}


def webhooks(product: Product, telegram: Telegram, messages: int) -> tuple[Result, float]:
    """What acknowledging took, and answers a second until the last one was sent."""
    path, secret = on_telegram(product, telegram)

    def post(number: int) -> Request:
        return Request("POST", path, update(number), secret)

    begun = time.time()
    told = asyncio.run(run(product.url, post, clients=CLIENTS, requests=messages))
    deadline = time.monotonic() + PATIENCE
    while (counts := telegram.counts())["sent"] < messages and time.monotonic() < deadline:
        time.sleep(0.2)
    if counts["sent"] != messages:
        print(f"answered {counts['sent']} of {messages}", flush=True)
    return told, counts["sent"] / (counts["last"] - begun)


def chats(product: Product, messages: int) -> Result:
    """The same over the API."""
    entity, headers = deployed_assistant(product)
    names = [secrets.token_urlsafe(16) for _ in range(CHATS)]

    def chat(number: int) -> Request:
        body = {"message": f"Question {number}", "session_id": names[number % CHATS]}
        return Request("POST", f"/api/v1/chatbots/{entity}/chat", body, headers)

    return asyncio.run(run(product.url, chat, clients=CLIENTS, requests=messages))


def main(scale: float) -> None:
    messages = int(CHATS * EACH * scale)
    with ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="privexbot-bench-"))
        model, telegram = Model(), Telegram()
        stack.callback(model.stop)
        stack.callback(telegram.stop)
        more = {"TELEGRAM_API_URL": telegram.url, "WEBSITE_MESSAGES_PER_HOUR": "0"}
        product = Product(data, model.url, **more)
        stack.callback(product.stop)
        product.sign_in()
        answers = chats(product, messages)
        told, per_second = webhooks(product, telegram, messages)
        print(
            f"webhooks  {CLIENTS} clients, {CHATS} chats",
            f"acknowledged p50 {told.p50:.1f}  p99 {told.p99:.1f} ms, {told.per_second:.0f}/s",
            f"answered {per_second:.0f}/s",
            f"the chat API {answers.per_second:.0f}/s ({per_second / answers.per_second:.2f}x)",
            f"failed {told.failures} and {answers.failures}",
            sep="  ",
            flush=True,
        )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
