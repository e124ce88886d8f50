"""The shapes of Anthropic's messages protocol. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inference.token_counts import token_count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inference.client import ChatMessage, Completion


def body(completion: Completion, model: str) -> dict[str, Any]:
    """The body of a streamed message; the instructions stand apart from the conversation."""
    instructions = "\n\n".join(m.content for m in completion.messages if m.role == "system")
    sent: dict[str, Any] = {
        "model": model,
        "messages": _conversation(completion.messages),
        "max_tokens": completion.max_tokens,
        # Here 1 is the highest; 0 to 2 is the OpenAI protocol's range.
        "temperature": min(completion.temperature, 1.0),
        "stream": True,
    }
    if completion.tools:
        sent["tools"] = [
            {
                "name": tool.name,
                "description": tool.description,
                "input_schema": dict(tool.parameters),
            }
            for tool in completion.tools
        ]
        # A conversation in which tools were called is refused without them.
        sent["tool_choice"] = {"type": "auto" if completion.may_call else "none"}
    return sent | ({"system": instructions} if instructions else {})


def _conversation(messages: Iterable[ChatMessage]) -> list[dict[str, Any]]:
    """What was said; the results of calls that were made together stand in one message."""
    found: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    for message in messages:
        if message.role == "tool":
            if not results:
                found.append({"role": "user", "content": results})
            results.append(_result(message))
        elif message.role != "system":
            results = []
            found.append({"role": message.role, "content": _content(message)})
    return found


def _result(message: ChatMessage) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": message.call_id, "content": message.content}


def _content(message: ChatMessage) -> str | list[dict[str, Any]]:
    if not message.calls:
        return message.content
    text = [{"type": "text", "text": message.content}] if message.content.strip() else []
    return text + [
        {"type": "tool_use", "id": each.id, "name": each.name, "input": dict(each.arguments or {})}
        for each in message.calls
    ]


def said(event: dict[str, Any]) -> str:
    """The text of a frame."""
    delta = event.get("delta")
    text = delta.get("text") if isinstance(delta, dict) else None
    return text if isinstance(text, str) else ""


def called(event: dict[str, Any]) -> tuple[object, object, object, object] | None:
    """The piece of a call in a frame: place, id, name, arguments."""
    begun, delta = event.get("content_block"), event.get("delta")
    if isinstance(begun, dict) and begun.get("type") == "tool_use":
        # What it begins with is an empty object, in the place of what comes in pieces.
        return event.get("index"), begun.get("id"), begun.get("name"), begun.get("input") or ""
    if isinstance(delta, dict) and delta.get("type") == "input_json_delta":
        return event.get("index"), "", "", delta.get("partial_json")
    return None


def counted(event: dict[str, Any]) -> tuple[int | None, int | None]:
    """Prompt and answer tokens, where the frame counts them."""
    message = event.get("message")
    usage = (message if isinstance(message, dict) else event).get("usage")
    if not isinstance(usage, dict):
        return None, None
    return token_count(usage.get("input_tokens")), token_count(usage.get("output_tokens"))
