"""What templates of knowledge bases look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django import template

from knowledge.questions import evaluated, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from drafts.builder.opened import Opened
    from knowledge.questions.evaluated import Told
    from knowledge.retrieval.query import Hit
    from knowledge.trying.asking import Try

T = TypeVar("T")
register = template.Library()


@register.filter
def at(found: Mapping[str, T], key: str) -> T | None:
    """The value at ``key``, which a template's dot cannot name when it is a variable."""
    return found.get(key)


@register.filter
def percent(share: float) -> str:
    """A share of 1 in percent."""
    return f"{round(100 * share)} %"


@register.filter
def most_relevant(hits: Iterable[Hit | Try]) -> float:
    """The greatest relevance: the first hit need not be the most relevant one."""
    return max(hit.relevance for hit in hits)


@register.filter
def in_parts(hit: Hit | Try) -> list[tuple[str, bool]]:
    """The text of a passage, each part with whether it is what was found of a larger one."""
    before, found, after = hit.text.partition(hit.found)
    if not found or not (before or after):
        return [(hit.text, False)]
    return [(before, False), (found, True), (after, False)]


@register.simple_tag
def evaluation_of(opened: Opened) -> Told:
    """How the draft's test questions are answered."""
    return evaluated.told(opened.draft)


@register.simple_tag
def making_of(opened: Opened) -> dict[str, Any]:
    """How far a model is that writes test questions for the draft."""
    return writing.told(opened.draft, opened.actor.workspace)
