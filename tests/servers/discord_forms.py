"""What Discord refuses, and how it words it: errors, and the limits of messages and commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.servers.faults import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
# Where it is, by names with dots between them; a code; what a person is told.
Problem = tuple[str, str, str]

LONGEST_CONTENT = 2000
EMPTY = ("content", "embeds", "components", "attachments", "poll")
NAME = re.compile(r"[-_'\w]{1,32}")
ROW, BUTTON, SELECT, LINK = 1, 2, 3, 5


def refusal(status: int, code: int, message: str, **more: Any) -> Answer:
    """An error as Discord words it."""
    return Answer(status, {"message": message, "code": code, **more})


def invalid_form(*problems: Problem) -> Answer:
    """The refusal of a body, with what is wrong where."""
    errors: Json = {}
    for where, code, message in problems:
        place = errors
        for name in where.split("."):
            place = place.setdefault(name, {})
        place.setdefault("_errors", []).append({"code": code, "message": message})
    return refusal(400, 50035, "Invalid Form Body", errors=errors)


def refused_message(body: Json, *, is_edit: bool = False) -> Answer | None:
    """Why a message cannot be posted, or None."""
    problems = [
        *_too_long("content", body.get("content"), LONGEST_CONTENT),
        *_wrong_rows(body.get("components") or []),
    ]
    if problems:
        return invalid_form(*problems)
    given = [name for name in EMPTY if name in body]
    if (given or not is_edit) and not any(body[name] for name in given):
        return refusal(400, 50006, "Cannot send an empty message")
    return None


def refused_command(body: Json, where: str = "") -> list[Problem]:
    """What is wrong with a command of the kind that people type."""
    problems = []
    name = body.get("name")
    if name is None:
        problems.append((f"{where}name", *REQUIRED))
    elif not NAME.fullmatch(name) or name != name.lower():
        told = "Command name is invalid"
        problems.append((f"{where}name", "APPLICATION_COMMAND_INVALID_NAME", told))
    if not body.get("description"):
        problems.append((f"{where}description", *REQUIRED))
    problems += _too_long(f"{where}description", body.get("description"), 100)
    options = body.get("options") or []
    problems += _too_many(f"{where}options", options, 25)
    for number, option in enumerate(options):
        problems += refused_command(option, f"{where}options.{number}.")
        if option.get("max_length", 1) > 6000:
            told = "int value should be less than or equal to 6000."
            problems.append((f"{where}options.{number}.max_length", "NUMBER_TYPE_MAX", told))
    return problems


REQUIRED = ("BASE_TYPE_REQUIRED", "This field is required")


def _wrong_rows(rows: list[Json]) -> Iterator[Problem]:
    yield from _too_many("components", rows, 5)
    names: set[str] = set()
    for row_number, row in enumerate(rows):
        place = f"components.{row_number}.components"
        inner = row.get("components") or []
        if row.get("type") != ROW or not inner:
            yield f"components.{row_number}", "UNION_TYPE_CHOICES", "Value of field is not a row."
        yield from _too_many(place, inner, 5)
        for number, each in enumerate(inner):
            yield from _wrong_component(f"{place}.{number}", each, names)


def _wrong_component(where: str, each: Json, names: set[str]) -> Iterator[Problem]:
    yield from _too_long(f"{where}.label", each.get("label"), 80)
    if each.get("type") == BUTTON and each.get("style") == LINK:
        return
    name = each.get("custom_id")
    if not name:
        yield (f"{where}.custom_id", *REQUIRED)
        return
    yield from _too_long(f"{where}.custom_id", name, 100)
    if name in names:
        told = "Component custom id cannot be duplicated"
        yield f"{where}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", told
    names.add(name)
    if each.get("type") == SELECT:
        yield from _too_many(f"{where}.options", each.get("options") or [], 25)
        for number, option in enumerate(each.get("options") or []):
            for part in ("label", "value", "description"):
                yield from _too_long(f"{where}.options.{number}.{part}", option.get(part), 100)


def _too_long(where: str, text: str | None, most: int) -> Iterator[Problem]:
    if text is not None and len(text) > most:
        yield where, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length."


def _too_many(where: str, items: list[Any], most: int) -> Iterator[Problem]:
    if len(items) > most:
        yield where, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length."
