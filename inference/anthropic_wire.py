"""The shapes of Anthropic's messages protocol. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inference.token_counts import token_count

if TYPE_CHECKING:
    from inference.client import Completion


def body(completion: Completion, model: str) -> dict[str, Any]:
    """The body of a streamed message; the instructions stand apart from the conversation."""
    instructions = "\n\n".join(m.content for m in completion.messages if m.role == "system")
    said = [{"role": m.role, "content": m.content} for m in completion.messages]
    sent = {
        "model": model,
        "messages": [message for message in said if message["role"] != "system"],
        "max_tokens": completion.max_tokens,
        # Here 1 is the highest; 0 to 2 is the OpenAI protocol's range.
        "temperature": min(completion.temperature, 1.0),
        "stream": True,
    }
    return sent | ({"system": instructions} if instructions else {})


def said(event: dict[str, Any]) -> str:
    """The text of a frame."""
    delta = event.get("delta")
    text = delta.get("text") if isinstance(delta, dict) else None
    return text if isinstance(text, str) else ""


def counted(event: dict[str, Any]) -> tuple[int | None, int | None]:
    """Prompt and answer tokens, where the frame counts them."""
    message = event.get("message")
    usage = (message if isinstance(message, dict) else event).get("usage")
    if not isinstance(usage, dict):
        return None, None
    return token_count(usage.get("input_tokens")), token_count(usage.get("output_tokens"))
