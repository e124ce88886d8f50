"""The benchmark: what saving a draft and answering a message cost on this machine.

``make bench`` starts the product on data of its own and a stand-in for a model beside it, and
measures both with the same load generator in the same run, so that every figure has its floor
next to it. Nothing here passes or fails; bench/README.md says what the figures mean.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import tempfile
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import requests

from bench.builder import builder
from bench.canvas import canvas
from bench.load import Request, Result, run
from bench.processes import cpu_seconds, memory_mb, tree
from bench.product import Model, Product

if TYPE_CHECKING:
    from collections.abc import Iterator

LEVELS = (1, 16, 64, 256)


@contextmanager
def running(data: str, *, delay_ms: int) -> Iterator[tuple[Product, Model]]:
    """A model that waits ``delay_ms`` before its first token, and the product in front of it."""
    with ExitStack() as stack:
        model = Model("--delay-ms", str(delay_ms))
        stack.callback(model.stop)
        product = Product(data, model.url)
        stack.callback(product.stop)
        product.sign_in()
        yield product, model


def draft_data() -> dict[str, Any]:
    """A chatbot's draft of about thirty fields."""
    return {
        "name": "Bench",
        "category": "support",
        "description": "Answers questions",
        "system_prompt": "You are a helpful assistant. " * 20,
        "temperature": 0.7,
        "max_tokens": 500,
        "memory": {"enabled": True, "max_messages": 10},
        "variables": [
            {"name": f"field_{n}", "type": "text", "label": f"Field {n}"} for n in range(5)
        ],
        "appearance": {
            "theme": "light",
            "primary_color": "#4F46E5",
            "welcome_message": "Hello",
            "suggested_prompts": ["One", "Two", "Three"],
        },
        "features": {
            "enable_citations": True,
            "enable_follow_up_suggestions": False,
            "enable_feedback": True,
            "rate_limiting": {"enabled": False},
        },
        "deployment": {"channels": [{"type": "website", "enabled": True}]},
    }


def show(name: str, clients: int, result: Result, *, floor: Result, cpu: float) -> None:
    print(
        f"{name:<24}{clients:>4} clients",
        f"p50 {result.p50:7.1f}  p95 {result.p95:7.1f}  p99 {result.p99:7.1f} ms",
        f"{result.per_second:6.0f}/s",
        f"cpu {cpu * 1000 / max(1, result.requests):5.2f} ms each",
        f"floor p50 {floor.p50:7.1f} ms ({result.p50 / floor.p50:.1f}x)",
        f"failed {result.failures}",
        sep="  ",
        flush=True,
    )


def measure(product: Product, make: Any, clients: int, requests: int) -> tuple[Result, float]:
    """Run a load against the product and say what CPU its web processes spent.

    Requests sent ahead of it are not counted: what a process reads at its first request is no part
    of what the next ones cost.
    """
    asyncio.run(run(product.url, make, clients=max(16, clients), requests=clients + 32))
    pids = product.web_processes()
    before = cpu_seconds(pids)
    result = asyncio.run(run(product.url, make, clients=clients, requests=requests))
    return result, cpu_seconds(pids) - before


def saves(product: Product, scale: float) -> None:
    draft = product.call("POST", "/api/v1/chatbots/draft", {"data": draft_data()})["draft_id"]
    path = f"/api/v1/chatbots/draft/{draft}"

    def patch(number: int) -> Request:
        name = f"field_{number % 5}"
        data = {"variables": {name: {"label": f"Label {number}"}}, "temperature": number % 20 / 10}
        return Request(
            "PATCH", path, {"data": data, "patch_id": secrets.token_hex(16)}, product.headers
        )

    def healthz(_number: int) -> Request:
        return Request("GET", "/healthz")

    for clients in LEVELS:
        floor, _ = measure(product, healthz, clients, int(max(200, clients * 4) * scale))
        result, cpu = measure(product, patch, clients, int(max(300, clients * 8) * scale))
        show("save", clients, result, floor=floor, cpu=cpu)


def auto_saves(product: Product, scale: float) -> None:
    """What the builder sends when a person stops typing, and gets back: ticks, problems, undo."""
    seat = product.seat()
    new = requests.post(
        f"{product.url}/w/demo/chatbots/draft/", headers=seat, timeout=30, allow_redirects=False
    )
    address = new.headers["Location"] + "basic/"

    def save(number: int) -> Request:
        form = {"description": f"Text {number}", "_changed": "description"}
        body = urlencode(form | {"patch_id": secrets.token_hex(16)}).encode()
        return Request("POST", address, body, seat | {"HX-Request": "true"})

    for clients in LEVELS[:2]:
        floor, _ = measure(product, lambda _n: Request("GET", "/healthz"), clients, 200)
        result, cpu = measure(product, save, clients, int(300 * scale))
        show("auto-save of the builder", clients, result, floor=floor, cpu=cpu)


def deployed_assistant(product: Product) -> tuple[str, dict[str, str]]:
    draft = product.call("POST", "/api/v1/chatbots/draft", {"data": draft_data()})["draft_id"]
    answer = product.call("POST", f"/api/v1/chatbots/draft/{draft}/deploy", {})
    return answer["entity_id"], {"Authorization": f"Bearer {answer['api_key']}"}


def messages(product: Product, model: Model, scale: float) -> None:
    entity, headers = deployed_assistant(product)

    def chat(number: int) -> Request:
        body = {"message": f"Question {number}", "session_id": secrets.token_urlsafe(16)}
        return Request("POST", f"/api/v1/chatbots/{entity}/chat", body, headers)

    for clients in LEVELS:
        count = int(max(200, clients * 6) * scale)
        floor = asyncio.run(
            run(model.url, lambda _n: model.question(stream=True), clients=clients, requests=count)
        )
        result, cpu = measure(product, chat, clients, count)
        show("message", clients, result, floor=floor, cpu=cpu)


def slow_answers(
    product: Product, model: Model, *, clients: int, rounds: int = 1, what: str
) -> None:
    """Streams from a slow model: what we add to its first token, and whether all are held."""
    entity, headers = deployed_assistant(product)
    wants_stream = headers | {"Accept": "text/event-stream"}

    def chat(number: int) -> Request:
        body = {"message": f"Question {number}", "session_id": secrets.token_urlsafe(16)}
        return Request("POST", f"/api/v1/chatbots/{entity}/chat", body, wants_stream)

    floor = asyncio.run(
        run(model.url, lambda _n: model.question(stream=True), clients=clients, requests=clients)
    )
    result, cpu = measure(product, chat, clients, clients * rounds)
    show(what, clients, result, floor=floor, cpu=cpu)
    if result.first_token_p50 is not None:
        added = result.first_token_p50 - (floor.first_token_p50 or 0.0)
        print(f"{'':<28}first token p50 {added:+.1f} ms on the model's own", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full load")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="privexbot-bench-") as data:
        with running(data, delay_ms=0) as (product, model):
            print(f"first start to ready {product.seconds_to_ready:.1f} s")
            time.sleep(5)
            idle = memory_mb(tree(product.process.pid))
            print(f"idle memory {idle:.0f} MB (proportional set size)", flush=True)
            saves(product, options.scale)
            auto_saves(product, options.scale)
            messages(product, model, options.scale)
            builder(product, options.scale)
            canvas(product, options.scale)
            print(f"memory after load {memory_mb(tree(product.process.pid)):.0f} MB")
        with running(data, delay_ms=300) as (product, model):
            print(f"second start to ready {product.seconds_to_ready:.1f} s")
            slow_answers(product, model, clients=1, rounds=20, what="stream, 300 ms model")
            slow_answers(product, model, clients=32, rounds=5, what="stream, 300 ms model")
        with running(data, delay_ms=1000) as (product, model):
            slow_answers(product, model, clients=256, what="all at once, 1 s model")
            slow_answers(product, model, clients=256, rounds=5, what="answer, 1 s model")
            slow_answers(product, model, clients=1000, what="all at once, 1 s model")


if __name__ == "__main__":
    main()
