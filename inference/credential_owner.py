"""Which provider a credential for language models belongs to, and so may be sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def owner_of(values: Mapping[str, str]) -> str:
    """The name of the provider that a credential names, or that its address or its key tells."""
    if values.get("provider"):
        return values["provider"]
    if values.get("base_url"):
        return "openai_compatible"
    if values.get("api_key", "").startswith("sk-ant-"):
        return "anthropic"
    return "openai_compatible" if values.get("api_key", "").startswith("sk-") else "secret_ai"
