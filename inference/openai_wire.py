"""The shapes of the OpenAI protocol: a request's body, and what a frame or an answer says. Pure."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson

from inference.failures import garbage, words
from inference.token_counts import token_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inference.client import ChatMessage, Completion, ToolCall

_NOT_FOR_CHAT = re.compile(r"tts|whisper|stt|kokoro|embed|rerank|moderation|dall-e", re.IGNORECASE)
# Parameters that some servers refuse; the one has a newer name, the others can be left out.
_RENAMED = {"max_tokens": "max_completion_tokens"}
_OPTIONAL = ("temperature", "stream_options", "response_format")


def body(completion: Completion, model: str) -> dict[str, Any]:
    """The body of a streamed chat completion."""
    sent = {
        "model": model,
        "messages": [_message(each) for each in completion.messages],
        "temperature": completion.temperature,
        "max_tokens": completion.max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if completion.schema:
        schema = dict(completion.schema)
        shape = {"name": "answer", "schema": schema, "strict": is_strict(schema)}
        sent["response_format"] = {"type": "json_schema", "json_schema": shape}
    if completion.tools and completion.may_call:
        sent["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": dict(tool.parameters),
                },
            }
            for tool in completion.tools
        ]
    return sent


def is_strict(schema: Any) -> bool:
    """Whether servers may hold a model to it to the letter: each object in it has all of its parts,
    and nothing else."""
    if isinstance(schema, list):
        return all(map(is_strict, schema))
    if not isinstance(schema, dict):
        return True
    if schema.get("type") == "object":
        named = schema.get("properties")
        names = named.keys() if isinstance(named, dict) else ()
        if schema.get("additionalProperties") is not False:
            return False
        if set(names) != set(schema.get("required") or ()):
            return False
    return all(map(is_strict, schema.values()))


def _message(message: ChatMessage) -> dict[str, Any]:
    found: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.calls:
        found["tool_calls"] = [_call(each) for each in message.calls]
    return found | ({"tool_call_id": message.call_id} if message.role == "tool" else {})


def _call(call: ToolCall) -> dict[str, Any]:
    """A call as it was; of arguments that are no object servers would not take the rest either."""
    arguments = orjson.dumps(call.arguments or {}).decode()
    return {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": arguments},
    }


def adapted(sent: dict[str, Any], status: int, error: bytes) -> dict[str, Any] | None:
    """``sent`` without the parameter that the server said it does not take; None: it named none."""
    if status not in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
        return None
    said = words(error)
    for name in (*_RENAMED, *_OPTIONAL):
        if name in sent and name in said:
            rest = {key: value for key, value in sent.items() if key != name}
            return rest | ({_RENAMED[name]: sent[name]} if name in _RENAMED else {})
    return None


def parse(data: bytes) -> dict[str, Any]:
    """A JSON object; raises ``InferenceError``."""
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise garbage() from None
    if not isinstance(found, dict):
        raise garbage()
    return found


def said(event: dict[str, Any]) -> tuple[str, bool]:
    """The text of a frame or of a whole answer, and whether it is the last."""
    choice = _choice(event)
    content = _part(choice).get("content")
    return content if isinstance(content, str) else "", bool(choice.get("finish_reason"))


def called(event: dict[str, Any]) -> Iterator[tuple[object, object, object, object]]:
    """The pieces of calls in a frame or in a whole answer: place, id, name, arguments."""
    pieces = _part(_choice(event)).get("tool_calls")
    for piece in pieces if isinstance(pieces, list) else ():
        function = piece.get("function") if isinstance(piece, dict) else None
        if isinstance(function, dict):
            place = piece.get("index")
            yield place, piece.get("id"), function.get("name"), function.get("arguments")


def _choice(event: dict[str, Any]) -> dict[str, Any]:
    choices = event.get("choices")
    found = choices[0] if isinstance(choices, list) and choices else None
    return found if isinstance(found, dict) else {}


def _part(choice: dict[str, Any]) -> dict[str, Any]:
    found = choice.get("delta") or choice.get("message")
    return found if isinstance(found, dict) else {}


def counted(event: dict[str, Any]) -> tuple[int, int] | None:
    """Prompt and completion tokens, where the server counts them."""
    usage = event.get("usage")
    if not isinstance(usage, dict):
        return None
    prompt, answer = usage.get("prompt_tokens"), usage.get("completion_tokens")
    return token_count(prompt) or 0, token_count(answer) or 0


def chat_models(answer: dict[str, Any]) -> tuple[str, ...]:
    """The names in a list of models, without those that are not for chatting."""
    listed = answer.get("data")
    found = [m.get("id") for m in listed if isinstance(m, dict)] if isinstance(listed, list) else []
    return tuple(n for n in found if isinstance(n, str) and not _NOT_FOR_CHAT.search(n))
