"""What a node is called. One that nobody has named is told from others of its kind by its id, and
so are those that somebody has named alike. What its settings are called is in executor/places."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chatflows.kinds import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from chatflows.drawn import DrawnNode


def name_of(each: DrawnNode) -> str:
    """``Classify``, or ``LLM llm1``."""
    return each.settings.label or " ".join(_kind_and_id(each))


def names_of(nodes: Collection[DrawnNode]) -> dict[str, str]:
    """By their ids, for choices: no two have the same."""
    return _told_apart((each, name_of(each)) for each in nodes)


def places_of(nodes: Collection[DrawnNode]) -> dict[str, str]:
    """By their ids, before what is wrong with them: no two have the same."""
    return _told_apart((each, place_of(each)) for each in nodes)


def place_of(each: DrawnNode) -> str:
    """Its kind too: ``LLM “Classify”``, or ``LLM llm1``."""
    if not each.settings.label:
        return name_of(each)
    words = _("%(kind)s “%(name)s”")
    return words % {"kind": kind_of(each), "name": each.settings.label}


def _told_apart(named: Iterator[tuple[DrawnNode, str]]) -> dict[str, str]:
    """With its id where another is called the same."""
    called = {each.id: words for each, words in named}
    often = Counter(called.values())
    return {
        id_: words if often[words] == 1 else f"{words} ({id_})" for id_, words in called.items()
    }


def title_of(each: DrawnNode) -> str:
    """With its kind, in headings: ``Classify · LLM``, or ``LLM · llm1``."""
    label = each.settings.label
    return f"{label} · {kind_of(each)}" if label else " · ".join(_kind_and_id(each))


def _kind_and_id(each: DrawnNode) -> tuple[str, ...]:
    """An id that is only the kind's name is said once."""
    kind = kind_of(each)
    return (kind,) if each.id.casefold() == kind.casefold() else (kind, each.id)


def kind_of(each: DrawnNode) -> str:
    """What its kind is called."""
    return str(BY_NAME[each.node.kind].label)
