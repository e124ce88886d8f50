"""What the visitor might ask next: a short second question to the model after an answer."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING

from conversations.markdown import words_of
from inference.client import ChatMessage, Completion, Delta, InferenceError

if TYPE_CHECKING:
    from inference.client import ModelClient

HOW_MANY = 3
LONGEST = 90
TIME_LIMIT = 1.0
_INSTRUCTIONS = (
    "Suggest up to three short questions that the person could ask next, in their own language and "
    "from their point of view. Answer with a JSON list of strings and nothing else."
)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s*")
_QUOTES = " \t\"'`“”,"


async def suggest(
    model: ModelClient, name: str, question: str, answer: str, *, time_limit: float = TIME_LIMIT
) -> tuple[str, ...]:
    """Up to three questions; none when the model cannot say, or not within ``time_limit``."""
    if not model.generates or not answer.strip():
        return ()
    dialogue = f"Question: {question[-2000:]}\n\nAnswer: {answer[-4000:]}"
    messages = (ChatMessage("system", _INSTRUCTIONS), ChatMessage("user", dialogue))
    completion = Completion(name, messages, temperature=0.3, max_tokens=120)
    try:
        async with asyncio.timeout(time_limit):
            return questions(await _text(model, completion))
    except (InferenceError, TimeoutError):
        return ()


def questions(text: str) -> tuple[str, ...]:
    """The questions in a model's answer, whether it kept to JSON or wrote a list: as plain words,
    for buttons, and what is sent when one is pressed, show no Markdown."""
    found = _from_json(text)
    if found is None:
        found = [words_of(_BULLET.sub("", line)).strip(_QUOTES) for line in text.splitlines()]
        found = [line for line in found if line.endswith(("?", "？", "؟"))]  # noqa: RUF001
    plain = (words_of(question) for question in found)
    return tuple(dict.fromkeys(q for q in plain if 0 < len(q) <= LONGEST))[:HOW_MANY]


def _from_json(text: str) -> list[str] | None:
    start, end = text.find("["), text.rfind("]")
    if start < 0 or end < start:
        return None
    try:
        found = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return None
    return [item for item in found if isinstance(item, str)]


async def _text(model: ModelClient, completion: Completion) -> str:
    return "".join([i.text async for i in model.stream(completion) if isinstance(i, Delta)])
