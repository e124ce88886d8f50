"""The test cases of a document, complete or not, as a run plays them. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import orjson

from chatflows.cases.schema import ALONE, MOST_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Expected:
    kind: str
    value: str

    @property
    def is_whole(self) -> bool:
        """Whether it says something that can be looked at."""
        return self.kind in ALONE or bool(self.value.strip())


@dataclass(frozen=True)
class Case:
    """``variables`` are by name."""

    id: str
    name: str
    messages: tuple[str, ...]
    variables: Mapping[str, str]
    expectations: tuple[Expected, ...]

    @property
    def is_playable(self) -> bool:
        """Whether it is written to its end: what came of one that is not would say nothing."""
        return bool(self.messages) and not self.unwritten

    @property
    def unwritten(self) -> list[int]:
        """The numbers of the expectations that say nothing yet, from 1 on."""
        return [at for at, each in enumerate(self.expectations, 1) if not each.is_whole]

    @property
    def title(self) -> str:
        """What people call it; empty where it says nothing yet."""
        return self.name.strip() or next(iter(self.messages), "")


def cases_of(document: Mapping[str, Any]) -> list[Case]:
    """In the order of the document."""
    return [_case(each) for each in _objects(document.get("test_cases"))]


def fingerprints(document: Mapping[str, Any], within: Mapping[str, int]) -> dict[str, str]:
    """By the id of each case the key of all that decides what comes of it: the flow, but for where
    its nodes stand; the flows ``within``, by their ids the numbers of their releases; and the case
    itself, but for its name."""
    flow = {
        "nodes": [
            {name: value for name, value in each.items() if name != "position"}
            for each in _objects(document.get("nodes"))
        ],
        "settings": {
            name: value
            for name, value in (document.get("settings") or {}).items()
            if name != "tests_must_pass"
        },
        **{name: document.get(name) or [] for name in ("edges", "variables")},
        "within": sorted(within.items()),
    }
    made_of = hashlib.sha256(orjson.dumps(flow))
    return {case.id: _fingerprint(made_of.copy(), case) for case in cases_of(document)}


def _fingerprint(made_of: Any, case: Case) -> str:
    made_of.update(orjson.dumps(asdict(case) | {"name": ""}))
    digest: str = made_of.hexdigest()
    return digest[:32]


def _case(given: Mapping[str, Any]) -> Case:
    texts = (each for each in given.get("messages") or () if isinstance(each, str))
    return Case(
        id=str(given.get("id", "")),
        name=str(given.get("name") or ""),
        messages=tuple(text for text in texts if text.strip())[:MOST_MESSAGES],
        variables={
            str(each.get("name")): str(each.get("value") or "")
            for each in _objects(given.get("variables"))
            if each.get("name")
        },
        expectations=tuple(
            Expected(str(each.get("kind") or "contains"), str(each.get("value") or ""))
            for each in _objects(given.get("expectations"))
        ),
    )


def _objects(items: Any) -> Iterator[Mapping[str, Any]]:
    for each in items if isinstance(items, (list, tuple)) else ():
        if isinstance(each, dict):
            yield each
