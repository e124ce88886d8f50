"""What would be better about the widget's own settings, whatever the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from assistants.profile import label_of
from assistants.schema import Variable
from channels_deploy.channels.website import Website
from channels_deploy.widget_names import MESSAGES, TRANSLATIONS, language_label, message_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistants.advice import Advice

    Data = Mapping[str, Any]


def widget(data: Data) -> Advice:
    """Messages that nobody will see, and texts that some visitors read in another language."""
    settings = (data.get("deployment") or {}).get("widget") or {}
    messages = [each for each in settings.get("proactive_messages") or () if each.get("text")]
    shown = [each for each in messages if each.get("enabled", True)]
    if shown and not _is_on_websites(data):
        yield MESSAGES, _("Proactive messages come up on websites, and the website widget is off")
    for translation in settings.get("translations") or ():
        missing = list(_missing(data, translation, shown))
        if missing:
            words = _("%(language)s: not translated yet: %(texts)s")
            language = str(translation.get("language"))
            yield (
                f"{TRANSLATIONS}.{language}",
                words % {"language": language_label(language), "texts": ", ".join(missing)},
            )


def _is_on_websites(data: Data) -> bool:
    items = (data.get("deployment") or {}).get("channels") or ()
    return any(item.get("type") == Website.name and item.get("enabled") for item in items)


def _missing(data: Data, translation: Data, messages: Sequence[Data]) -> Iterator[str]:
    """The texts that there are for all and not in the translation."""
    look = data.get("appearance") or {}
    if look.get("welcome_message") and not translation.get("welcome_message"):
        yield _("the welcome message")
    if look.get("suggested_prompts") and not translation.get("suggested_prompts"):
        yield _("the suggested prompts")
    labels = translation.get("variable_labels") or {}
    for variable in data.get("variables") or ():
        if variable.get("collect_before_chat") and not labels.get(variable["name"]):
            yield f"“{label_of(Variable.model_construct(**variable))}”"
    written = translation.get("proactive_messages") or {}
    for message in messages:
        if not (written.get(message["id"]) or {}).get("text"):
            yield message_name(message)
