"""Warns of nodes whose buttons or pictures channels that are switched on do not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from assistants.unshown import messengers, named, without_all_buttons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistants.advice import Advice, Data
    from channels_deploy.messenger import Messenger
    from chatflows.drawn import Drawing


def unshown(data: Data, drawing: Drawing) -> Advice:
    """One warning for all nodes of a kind and what it lacks, at the first of them."""
    if some := messengers(data):
        yield from _buttons(drawing, some)
        yield from _pictures(drawing, some)


def _buttons(drawing: Drawing, some: Sequence[Messenger]) -> Advice:
    found: dict[str, list[Messenger]] = {}
    for each in drawing.of_kind("buttons"):
        buttons = each.data.get("buttons") or ()
        labels = [str(button.get("label") or "") for button in buttons if isinstance(button, dict)]
        if less := without_all_buttons(some, labels):
            found[each.id] = less
    if found:
        less = [channel for channel in some if any(channel in each for each in found.values())]
        words = _(
            "%(channels)s: not all choices fit on buttons here, so they are written out with "
            "numbers"
        )
        yield f"nodes.{next(iter(found))}.data.buttons", words % {"channels": named(less)}


def _pictures(drawing: Drawing, some: Sequence[Messenger]) -> Advice:
    for each in drawing.nodes.values():
        cards = each.data.get("cards") or ()
        if any(isinstance(card, dict) and card.get("image_url") for card in cards):
            words = _("%(channels)s: cards come as text, and their pictures as addresses")
            yield f"nodes.{each.id}.data.cards", words % {"channels": named(some)}
            return
