"""What the assistants of all kinds tell the runtime. Knows no framework and no network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistants.profile import label_of, profile_of
from conversations.escaping import escaped
from conversations.prompt import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistants.schema import AssistantSchema
    from conversations.runtime import Profile


class Configured:
    """What an assistant has by the shared parts of its configuration. A kind's own adds the model,
    the memory and how it responds."""

    runs: tuple[str, ...] = ()

    def __init__(self, configuration: AssistantSchema) -> None:
        limits = configuration.features.rate_limiting
        declared = configuration.variables
        self._defaults = {variable.name: variable.default for variable in declared}
        self.profile = profile_of(configuration)
        self.variables: Mapping[str, str] = {v.name: label_of(v) for v in declared}
        self.listed = configuration.visibility == "public"
        self.messages_per_hour = limits.max_messages_per_hour if limits.enabled else None

    def greeting(self, known: Mapping[str, Any]) -> Profile:
        """The profile, its welcome message with the variables filled in as in the prompt, except
        that no value is read as Markdown: it may hold what a visitor typed, or an address."""
        words = render(self.profile.welcome_message, self.values(known), escaped)
        return replace(self.profile, welcome_message=words)

    def told_in(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        """Nothing: all that a visitor was asked for is among the conversation's variables."""
        del state
        return {}

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Every declared name with what is known of it: what was given, else its default."""
        known = {n: given[n] for n in self._defaults if given.get(n) not in (None, "")}
        return self._defaults | known
