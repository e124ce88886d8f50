"""Warns of what channels that are switched on cannot show of a document, once for each cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from assistants.placeholders import WELCOME
from channels_deploy import channels
from channels_deploy.dialects import dialect_of
from channels_deploy.messenger import Messenger
from conversations.turn import Done

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from assistants.advice import Advice, Data
    from channels_deploy.channel import Described
    from channels_deploy.dialects.dialect import Dialect

PROMPTS = "appearance.suggested_prompts"
# Stands for the words above buttons.
WORDS = "?"


def messengers(data: Data) -> list[Messenger]:
    """The channels of a document that are on and that people read, in the order of channels."""
    items = (data.get("deployment") or {}).get("channels") or ()
    enabled = {str(item.get("type")) for item in items if item.get("enabled")}
    found = [each for each in channels.CHANNELS if each.name in enabled]
    read = [channel for channel in found if isinstance(channel, Messenger)]
    return those(read, lambda dialect: dialect.formats)


def named(some: Iterable[Described]) -> str:
    """Their names in a sentence."""
    return str(get_text_list([str(channel.short) for channel in some], _("and")))


def those(some: Iterable[Messenger], fits: Callable[[Dialect], bool]) -> list[Messenger]:
    """Those of them on whose dialect ``fits`` is true."""
    return [channel for channel in some if fits(dialect_of(channel.name))]


def without_all_buttons(some: Sequence[Messenger], labels: Sequence[str]) -> list[Messenger]:
    """Those of them that do not show each of ``labels`` as a button."""
    asked = Done(WORDS, follow_ups=tuple(labels))
    return those(some, lambda dialect: bool(dialect.keys(asked).listed))


def unshown(data: Data) -> Advice:
    """What of a document of any kind is not shown on its channels."""
    if some := messengers(data):
        yield from _welcome(data, some)
        yield from _prompts(data, some)
        yield from _forms(data, some)


def _welcome(data: Data, some: Sequence[Messenger]) -> Advice:
    welcome = Done(str(_look(data).get("welcome_message") or ""), follow_ups=_labels(data))
    if split := those(some, lambda dialect: len(dialect.parts(welcome)) > 1):
        words = _("%(channels)s: the welcome message is too long for one message, so it is cut")
        yield WELCOME, words % {"channels": named(split)}


def _prompts(data: Data, some: Sequence[Messenger]) -> Advice:
    if less := without_all_buttons(some, _labels(data)):
        words = _(
            "%(channels)s: not all suggested prompts fit on buttons, so they are written out with "
            "numbers"
        )
        yield PROMPTS, words % {"channels": named(less)}


def _forms(data: Data, some: Sequence[Messenger]) -> Advice:
    """Nothing is asked before the chat on a messenger, and no form is shown there."""
    asked = [item for item in data.get("variables") or () if item.get("collect_before_chat")]
    if asked:
        words = _("%(channels)s: nothing is asked before the chat, so %(names)s may stay empty")
        names = get_text_list([str(item.get("name")) for item in asked], _("and"))
        told = {"channels": named(some), "names": names}
        yield f"variables.{asked[0].get('name')}", words % told
    if (data.get("lead_capture") or {}).get("enabled"):
        words = _("%(channels)s: the lead form is not shown there, only on the website")
        yield "lead_capture.enabled", words % {"channels": named(some)}


def citations(data: Data, bases: Iterable[object]) -> Advice:
    """Answers cite, and passages cannot be opened in a messenger. ``bases`` are those asked."""
    features: Mapping[str, Any] = data.get("features") or {}
    some = messengers(data)
    if some and features.get("enable_citations", True) and any(True for _base in bases):
        words = _(
            "%(channels)s: sources are listed below an answer, and their passages cannot be opened"
        )
        yield "features.enable_citations", words % {"channels": named(some)}


def _look(data: Data) -> Mapping[str, Any]:
    return data.get("appearance") or {}


def _labels(data: Data) -> tuple[str, ...]:
    prompts = _look(data).get("suggested_prompts") or ()
    return tuple(str(each) for each in prompts if each)
