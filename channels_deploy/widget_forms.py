"""The fields that edit what visitors see of the widget: proactive messages and translations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from channels_deploy.widget_names import (
    LANGUAGE_LABELS,
    MESSAGES,
    PAGES,
    PATH,
    REPEAT,
    TRANSLATIONS,
    WHEN,
    language_label,
    message_name,
)
from channels_deploy.widget_schema import MOST_PROMPTS, MOST_REPLIES
from common.widgets import Amount, Switch
from drafts.forms.field_values import field_value
from drafts.forms.list_input import ListField, ListInput
from drafts.forms.parts import ItemList

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from channels_deploy.forms import ChannelsForm
    from drafts.forms.step import StepForm

# What the names of fields begin with in which labels of variables are translated.
LABELS = "variable_labels."


def fields() -> dict[str, forms.Field]:
    """The fields for the widget as a whole, by their paths."""
    languages = [(code, label) for code, label in LANGUAGE_LABELS.items()]
    return {
        f"{PATH}.launcher_text": forms.CharField(
            label=gettext_lazy("Text beside the button"),
            help_text=gettext_lazy(
                "At most 30 characters, such as “Questions?”. This and proactive messages are a "
                "second script in the embed code: after the deploy, copy the code again."
            ),
        ),
        f"{PATH}.language": forms.ChoiceField(
            label=gettext_lazy("Language"),
            choices=[("auto", gettext_lazy("Like the page or the browser")), *languages],
            help_text=gettext_lazy(
                "Of the widget's own words, and of your texts where they are translated below."
            ),
        ),
    }


class ProactiveMessageForm(forms.Form):
    """One message that comes up by itself."""

    enabled = forms.BooleanField(label=gettext_lazy("On"), widget=Switch)
    text = forms.CharField(
        label=gettext_lazy("Message"),
        help_text=gettext_lazy(
            "At most 300 characters. Whoever presses it finds it as the chat's first words."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    quick_replies = ListField(
        label=gettext_lazy("Quick replies"),
        help_text=gettext_lazy("Up to four answers to give with one press."),
        widget=ListInput(maximum=MOST_REPLIES),
    )
    page_match = forms.ChoiceField(label=gettext_lazy("Where"), choices=list(PAGES.items()))
    page = forms.CharField(
        label=gettext_lazy("Page address"),
        help_text=gettext_lazy("/pricing, or https://example.com/pricing"),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=list(WHEN.items()),
    )
    seconds = forms.IntegerField(
        label=gettext_lazy("Seconds on the page"),
        widget=forms.NumberInput(attrs={"min": 0, "max": 3600}),
    )
    percent = forms.IntegerField(
        label=gettext_lazy("How far down, in %"),
        widget=Amount(1, 100, ngettext_lazy("%(shown)s %%", "%(shown)s %%", "count")),
    )
    repeat = forms.ChoiceField(label=gettext_lazy("How often"), choices=list(REPEAT.items()))


def _message_title(form: StepForm, key: str) -> str:
    return message_name({"text": form.value_of(f"{MESSAGES}.{key}.text")})


def _fields_of_translation(form: StepForm, key: str) -> Mapping[str, forms.Field]:
    """The texts for all visitors, to be written in another language, which is ``key``."""
    originals = cast("ChannelsForm", form).originals()
    texts: dict[str, forms.Field] = {
        "title": forms.CharField(label=gettext_lazy("Title")),
        "welcome_message": forms.CharField(
            label=gettext_lazy("Welcome message"), widget=forms.Textarea(attrs={"rows": 3})
        ),
        "suggested_prompts": ListField(
            label=gettext_lazy("Suggested prompts"), widget=ListInput(maximum=MOST_PROMPTS)
        ),
        "placeholder": forms.CharField(label=gettext_lazy("Hint in the message box")),
        "launcher_text": forms.CharField(label=gettext_lazy("Text beside the button")),
        **_fields_of_variables(originals),
        **dict(_fields_of_messages(form)),
    }
    originals |= _originals_of_messages(form)
    for name, field in texts.items():
        field.widget.attrs |= {"lang": key, "dir": "auto"}
        if original := originals.get(name):
            words = original if isinstance(original, str) else " · ".join(original)
            field.help_text = _("Original: %(text)s") % {"text": " ".join(words.split())}
    return texts


def _fields_of_variables(originals: Mapping[str, Any]) -> dict[str, forms.Field]:
    """What is asked before the chat."""
    label = gettext_lazy("Asked before the chat: “%(label)s”")
    return {
        name: forms.CharField(label=label % {"label": original})
        for name, original in originals.items()
        if name.startswith(LABELS)
    }


def _originals_of_messages(form: StepForm) -> dict[str, Any]:
    found = field_value(form.document, MESSAGES, form.keyed_lists)
    return {
        f"proactive_messages.{message['id']}.{name}": message.get(name)
        for message in (found if isinstance(found, list) else ())
        for name in ("text", "quick_replies")
    }


def _fields_of_messages(form: StepForm) -> Iterator[tuple[str, forms.Field]]:
    found = field_value(form.document, MESSAGES, form.keyed_lists)
    for message in found if isinstance(found, list) else ():
        path, name = f"proactive_messages.{message['id']}", message_name(message)
        yield (
            f"{path}.text",
            forms.CharField(
                label=_("Proactive message %(name)s") % {"name": name},
                widget=forms.Textarea(attrs={"rows": 2}),
            ),
        )
        if message.get("quick_replies"):
            label = _("Quick replies to %(name)s") % {"name": name}
            yield (
                f"{path}.quick_replies",
                ListField(label=label, widget=ListInput(maximum=MOST_REPLIES)),
            )


LISTS = (
    ItemList(
        MESSAGES,
        ProactiveMessageForm,
        label=gettext_lazy("Proactive messages"),
        add_label=gettext_lazy("Add a message"),
        empty=gettext_lazy(
            "None yet. A message comes up above the button, on the pages and at the moment that "
            "you choose, while the chat is closed. Whoever closes one gets no more of them."
        ),
        stem="message",
        title_of=_message_title,
        template="channels_deploy/cards/message.html",
    ),
    ItemList(
        TRANSLATIONS,
        _fields_of_translation,
        label=gettext_lazy("Translations"),
        add_label=gettext_lazy("Add a language"),
        empty=gettext_lazy(
            "None yet. The widget's own words come in 14 languages by themselves; here you write "
            "your own texts in others. What you leave empty is shown as it is."
        ),
        choices=lambda _form: [(code, str(label)) for code, label in LANGUAGE_LABELS.items()],
        new_of=lambda _language: {},
        title_of=lambda _form, key: language_label(key),
        template="channels_deploy/cards/translation.html",
    ),
)
