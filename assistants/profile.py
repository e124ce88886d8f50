"""What a visitor's browser is told of an assistant: its look, its first words, its forms. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from channels_deploy.channels.website import WebsiteSettings
from conversations.lead_fields import LEAD_FIELDS
from conversations.runtime import Profile

if TYPE_CHECKING:
    from assistants.schema import AssistantSchema, LeadCapture, Variable


def profile_of(configuration: AssistantSchema) -> Profile:
    """The public face of an assistant: nothing of its prompt, model, knowledge or domains."""
    look, features = configuration.appearance, configuration.features
    return Profile(
        name=configuration.name,
        title=look.title,
        welcome_message=look.welcome_message,
        suggested_prompts=look.suggested_prompts,
        placeholder=look.placeholder,
        avatar_url=str(look.avatar_url or ""),
        theme=look.theme,
        primary_color=look.primary_color,
        position=configuration.deployment.of(WebsiteSettings).widget_position,
        feedback=features.enable_feedback,
        citations=features.enable_citations,
        follow_ups=features.enable_follow_up_suggestions,
        collect=tuple(_field(v) for v in configuration.variables if v.collect_before_chat),
        lead=_lead_form(configuration.lead_capture),
    )


def label_of(variable: Variable) -> str:
    """What people read of a variable; the words of its name where it has no label."""
    return variable.label or variable.name.replace("_", " ").capitalize()


def _field(variable: Variable) -> dict[str, Any]:
    return {
        "name": variable.name,
        "type": variable.type,
        "label": label_of(variable),
        "required": variable.required,
        "options": list(variable.options),
        "default": variable.default,
    }


def _lead_form(capture: LeadCapture) -> dict[str, Any] | None:
    if not capture.enabled:
        return None
    optional = tuple(f for f in capture.optional_fields if f not in capture.required_fields)
    return {
        "timing": capture.timing,
        "after_messages": capture.after_messages,
        "title": capture.title,
        "consent_text": capture.consent_text,
        "fields": [
            _lead_field(name, required=name in capture.required_fields)
            for name in (*capture.required_fields, *optional)
        ],
    }


def _lead_field(name: str, *, required: bool) -> dict[str, Any]:
    field = LEAD_FIELDS[name]
    return {
        "name": name,
        "type": field.kind,
        "label": str(field.label),
        "required": required,
        "options": [],
        "default": "",
    }
