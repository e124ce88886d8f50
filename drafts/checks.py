"""Mistakes in a draft type that would only show when somebody builds: found at start-up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.core.checks import CheckMessage, Error, register
from django.urls import resolve, reverse

from drafts.types import draft_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.apps import AppConfig

    from drafts.types import DraftType


@register
def draft_types_are_sound(
    app_configs: Sequence[AppConfig] | None = None, **options: Any
) -> list[CheckMessage]:
    """Every registered kind's steps fit its schema and the builder's addresses."""
    del app_configs, options
    return [problem for draft_type in draft_types for problem in problems(draft_type)]


def problems(draft_type: DraftType[Any]) -> Iterator[Error]:
    """What is wrong with one kind."""
    yield from _fields(draft_type)
    yield from _names(draft_type)
    yield from _lists(draft_type)


def _fields(draft_type: DraftType[Any]) -> Iterator[Error]:
    owned = Counter(name for step in draft_type.steps for name in step.fields)
    declared = set(draft_type.schema.model_fields)
    for name in sorted(owned.keys() ^ declared):
        missing = "no step owns it" if name in declared else "the schema has no such field"
        yield Error(
            f"{draft_type.kind}: the field {name!r} is in steps or schema alone ({missing}).",
            hint="Every top-level field of the schema belongs to exactly one step.",
            obj=draft_type,
            id="drafts.E001",
        )
    for name in sorted(name for name, count in owned.items() if count > 1):
        yield Error(
            f"{draft_type.kind}: the field {name!r} belongs to several steps.",
            hint="Every top-level field of the schema belongs to exactly one step.",
            obj=draft_type,
            id="drafts.E002",
        )


def _names(draft_type: DraftType[Any]) -> Iterator[Error]:
    for name, count in Counter(step.name for step in draft_type.steps).items():
        if count > 1 or not _leads_to_the_builder(draft_type, name):
            yield Error(
                f"{draft_type.kind}: a step cannot be called {name!r}.",
                hint="Another step or an action of the builder has this address already.",
                obj=draft_type,
                id="drafts.E003",
            )


def _leads_to_the_builder(draft_type: DraftType[Any], step: str) -> bool:
    address = reverse("drafts:builder", args=("workspace", draft_type.url_name, "draft", step))
    return resolve(address).view_name == "drafts:builder"


def _lists(draft_type: DraftType[Any]) -> Iterator[Error]:
    for path in draft_type.keyed_lists:
        if path.split(".")[0] not in draft_type.schema.model_fields:
            yield Error(
                f"{draft_type.kind}: there is no list at {path!r}.",
                hint="keyed_lists names lists of the schema by their dotted paths.",
                obj=draft_type,
                id="drafts.E004",
            )
