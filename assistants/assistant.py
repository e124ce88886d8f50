"""What the assistants of all kinds tell the runtime. Knows no framework and no network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistants.profile import label_of, profile_of
from conversations.escaping import escaped
from conversations.languages import spoken
from conversations.prompt import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistants.schema import AssistantSchema
    from conversations.languages import Language
    from conversations.runtime import Profile


class Configured:
    """What an assistant has by the shared parts of its configuration. A kind's own adds the model,
    the memory and how it responds."""

    runs: tuple[str, ...] = ()

    def __init__(self, configuration: AssistantSchema) -> None:
        limits = configuration.features.rate_limiting
        declared = configuration.variables
        self._defaults = {variable.name: variable.default for variable in declared}
        self._configuration = configuration
        self._in_languages: dict[Language, Profile] = {}
        self.profile = profile_of(configuration)
        self.variables: Mapping[str, str] = {v.name: label_of(v) for v in declared}
        self.listed = configuration.visibility == "public"
        self.messages_per_hour = limits.max_messages_per_hour if limits.enabled else None

    def language_for(self, *wanted: str) -> Language | None:
        """The language that it is set to, else the best of those that are wanted; None where none
        is."""
        fixed = self._configuration.deployment.widget.language
        if fixed != "auto":
            return fixed
        return spoken(*wanted) if any(wanted) else None

    def profile_in(self, language: Language | None) -> Profile:
        """The profile in a visitor's language; as it is for all without one."""
        if language is None:
            return self.profile
        if language not in self._in_languages:
            self._in_languages[language] = profile_of(self._configuration, language)
        return self._in_languages[language]

    def greeting(self, known: Mapping[str, Any], language: Language | None = None) -> Profile:
        """The profile, its welcome message with the variables filled in as in the prompt, except
        that no value is read as Markdown: it may hold what a visitor typed, or an address."""
        profile = self.profile_in(language)
        words = render(profile.welcome_message, self.values(known), escaped)
        return replace(profile, welcome_message=words)

    def told_in(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        """Nothing: all that a visitor was asked for is among the conversation's variables."""
        del state
        return {}

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Every declared name with what is known of it: what was given, else its default."""
        known = {n: given[n] for n in self._defaults if given.get(n) not in (None, "")}
        return self._defaults | known
