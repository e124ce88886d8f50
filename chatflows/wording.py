"""What people call the values that settings may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from assistants.forms.attached import RERANKING, SEARCH_METHODS
from conversations.lead_fields import LEAD_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

# By setting and value; empty: nothing is chosen.
CHOICES: Mapping[tuple[str, str], str | _StrPromise] = {
    ("trigger_type", "chat_message"): _("A message in the chat"),
    ("trigger_type", "webhook"): _("A call of its webhook"),
    ("trigger_type", "schedule"): _("A set time"),
    ("respond", "answer"): _("What the run says, once it has ended"),
    ("respond", "at_once"): _("An answer at once; the run goes on by itself"),
    ("every", "hour"): _("Every hour"),
    ("every", "day"): _("Every day"),
    ("every", "week"): _("Every week"),
    ("every", "cron"): _("By a cron expression"),
    ("weekday", "mon"): _("Monday"),
    ("weekday", "tue"): _("Tuesday"),
    ("weekday", "wed"): _("Wednesday"),
    ("weekday", "thu"): _("Thursday"),
    ("weekday", "fri"): _("Friday"),
    ("weekday", "sat"): _("Saturday"),
    ("weekday", "sun"): _("Sunday"),
    ("on_error", "stop"): _("The run ends with the error"),
    ("on_error", "branch"): _("It goes on by its error branch"),
    ("on_error", "continue"): _("It goes on as if nothing had been found"),
    ("provider", ""): _("This server's model"),
    ("provider", "secret_ai"): _("Secret AI"),
    ("provider", "openai_compatible"): _("OpenAI or compatible"),
    ("provider", "anthropic"): _("Anthropic"),
    ("provider", "local"): _("A local model"),
    ("provider", "extractive"): _("None: quotes passages"),
    ("type", "text"): _("Text"),
    ("type", "number"): _("Number"),
    ("type", "integer"): _("Whole number"),
    ("type", "boolean"): _("True or false"),
    ("type", "list"): _("List of texts"),
    ("prompt_type", "prompt"): _("Instructions and a prompt"),
    ("prompt_type", "messages"): _("A list of messages"),
    ("role", "user"): _("User"),
    ("role", "assistant"): _("Assistant"),
    ("role", "system"): _("System"),
    ("output_type", "parts"): _("Text, or parts that you name"),
    ("output_type", "schema"): _("An object of your own JSON schema"),
    **{("search_method", value): words for value, words in SEARCH_METHODS},
    **{("rerank", value): words for value, words in RERANKING},
    ("operation", "set"): _("Set it to the value"),
    ("operation", "append"): _("Append the value to its list"),
    ("operation", "increment"): _("Count it up by the value"),
    ("mode", "list"): _("For each item of a list"),
    ("mode", "while"): _("While a condition holds"),
    ("answer_type", "text"): _("Any text"),
    ("answer_type", "email"): _("E-mail address"),
    ("answer_type", "number"): _("Number"),
    ("answer_type", "phone"): _("Phone number"),
    ("answer_type", "url"): _("Web address"),
    ("answer_type", "date"): _("Date"),
    ("answer_type", "select"): _("Choice from a list"),
    ("lead_field", "none"): _("Not in a lead"),
    **{("lead_field", name): each.label for name, each in LEAD_FIELDS.items()},
    ("body_type", "none"): _("None"),
    ("body_type", "json"): _("JSON"),
    ("body_type", "form"): _("Form"),
    ("body_type", "text"): _("Text"),
}


def choice_label(setting: str, value: str) -> str:
    """What people call ``value`` of ``setting``; the value itself where it is a word of its own."""
    return str(CHOICES.get((setting, value), value))
