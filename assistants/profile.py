"""What a visitor's browser is told of an assistant: its look, its first words, its forms. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistants.told_before import told_by
from channels_deploy.channels.website import WebsiteSettings
from channels_deploy.widget_schema import Translation
from conversations.languages import ENGLISH, translated
from conversations.lead_fields import LEAD_FIELDS
from conversations.runtime import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistants.schema import AssistantSchema, Variable
    from channels_deploy.widget_schema import WidgetSettings
    from conversations.languages import Language


def profile_of(configuration: AssistantSchema, language: Language | None = None) -> Profile:
    """The public face of an assistant: nothing of its prompt, model, knowledge or domains. Its
    texts are those for ``language`` where there are any, and those for all where there are none."""
    look, features = configuration.appearance, configuration.features
    widget = configuration.deployment.widget
    own = widget.translation(language) or Translation(language=language or ENGLISH)
    return Profile(
        name=configuration.name,
        title=own.title or look.title,
        welcome_message=own.welcome_message or look.welcome_message,
        suggested_prompts=own.suggested_prompts or look.suggested_prompts,
        placeholder=own.placeholder or look.placeholder,
        avatar_url=str(look.avatar_url or ""),
        theme=look.theme,
        primary_color=look.primary_color,
        position=configuration.deployment.of(WebsiteSettings).widget_position,
        feedback=features.enable_feedback,
        citations=features.enable_citations,
        follow_ups=features.enable_follow_up_suggestions,
        collect=tuple(_field(v, own) for v in configuration.variables if v.collect_before_chat),
        lead=_lead_form(configuration, language or ENGLISH),
        launcher_text=own.launcher_text or widget.launcher_text,
        invitations=tuple(_invitations(widget, own)),
    )


def _invitations(widget: WidgetSettings, own: Translation) -> Iterator[Mapping[str, Any]]:
    """The proactive messages that are on, in the words of a translation where it has some."""
    for message in widget.proactive_messages:
        said = own.proactive_messages.get(message.id)
        words = {"text": (said and said.text) or message.text}
        replies = (said and said.quick_replies) or message.quick_replies
        if message.enabled:
            yield message.model_dump(exclude={"enabled"}) | words | {"quick_replies": replies}


def label_of(variable: Variable) -> str:
    """What people read of a variable; the words of its name where it has no label."""
    return variable.label or variable.name.replace("_", " ").capitalize()


def _field(variable: Variable, own: Translation) -> dict[str, Any]:
    return {
        "name": variable.name,
        "type": variable.type,
        "label": own.variable_labels.get(variable.name) or label_of(variable),
        "required": variable.required,
        "options": list(variable.options),
        "default": variable.default,
    }


def _lead_form(configuration: AssistantSchema, language: Language) -> dict[str, Any] | None:
    capture = configuration.lead_capture
    if not capture.enabled:
        return None
    optional = tuple(f for f in capture.optional_fields if f not in capture.required_fields)
    fields = (
        _lead_field(name, language)
        | {
            "required": name in capture.required_fields,
            "variable": told_by(name, configuration.variables),
        }
        for name in (*capture.required_fields, *optional)
    )
    return {
        "timing": capture.timing,
        "after_messages": capture.after_messages,
        "title": capture.title,
        "consent_text": capture.consent_text,
        "fields": list(fields),
    }


def _lead_field(name: str, language: Language) -> dict[str, Any]:
    field = LEAD_FIELDS[name]
    return {
        "name": name,
        "type": field.kind,
        "label": translated(language).get(name, str(field.label)),
        "options": [],
        "default": "",
    }
