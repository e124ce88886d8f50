"""Adds test questions to a draft: from a file, all of its rows or none."""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.plain_text import in_order
from common.problems import FieldError, invalid, too_large
from drafts import editing
from drafts.given import cleaned
from drafts.types import draft_types
from knowledge.evaluation import question_file
from knowledge.evaluation.question_file import UnreadableError
from knowledge.evaluation.questions import questions_of
from knowledge.schema import LONGEST_EXPECTED, LONGEST_QUESTION, MOST_QUESTIONS
from knowledge.shown import sources_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from drafts.draft import Draft
    from knowledge.evaluation.question_file import Row
    from workspaces.access import Actor

KIND = "kb"
LARGEST = 2 * 1024 * 1024
# So many lines are named; the rest is counted.
MOST_NAMED = 20


def bring(actor: Actor, draft: Draft, content: bytes) -> int:
    """Add the questions of a CSV file; gives how many were added. One that the draft has already is
    passed over. Raises ``Problem`` naming the lines that are wrong; nothing is added then."""
    if len(content) > LARGEST:
        raise too_large(_("The file is larger than 2 MB. Nothing was imported."))
    rows = _rows(content)
    called = _called(draft)
    wrongs = [wrong for row in rows for wrong in _wrongs(row, called)]
    if wrongs:
        raise _refused(wrongs)
    given = [(r.question, r.expected, next(iter(_meant(r, called)), None)) for r in rows]
    return add(actor, draft, given)


def add(
    actor: Actor,
    draft: Draft,
    given: Sequence[tuple[str, str, str | None]],
    *,
    patch_id: str | None = None,
) -> int:
    """Add questions, each with what is expected and the source it must be found in; gives how many
    were not there before."""
    added, plain = 0, [(in_order(q), in_order(e), s) for q, e, s in given]

    def patch_for(document: dict[str, Any]) -> dict[str, Any]:
        nonlocal added
        known = {(q.question, q.expected, q.source_id) for q in questions_of(document)}
        new = {(q, e, s or ""): s for q, e, s in plain if (q, e, s or "") not in known}
        there = len(document.get("test_questions") or ())
        if there + len(new) > MOST_QUESTIONS:
            words = _("A base has at most %(most)d test questions; with these it would be %(sum)d.")
            raise invalid(words % {"most": MOST_QUESTIONS, "sum": there + len(new)})
        added = len(new)
        return cleaned({"test_questions": dict(_items(new))} if new else {})

    editing.change(actor, draft_types.get(KIND), draft.id, patch_for, patch_id=patch_id)
    return added


def exported(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """The draft's questions as rows of a file, under the columns' names."""
    yield question_file.COLUMNS
    called = _called(draft)
    names = {s.id: s.name for s in sources_of(draft) if called[_plain(s.name)] == {s.id}}
    for question in questions_of(draft.data):
        source = names.get(question.source_id, question.source_id)
        yield question.question, question.expected, source


def _items(new: Mapping[tuple[str, str, str], str | None]) -> Iterator[tuple[str, dict[str, Any]]]:
    for (question, expected, _key), source_id in new.items():
        item = {"id": f"q_{secrets.token_hex(5)}", "question": question, "expected": expected}
        yield item["id"], item | ({"source_id": source_id} if source_id else {})


def _rows(content: bytes) -> list[Row]:
    reasons = {
        "empty": _("The file is empty."),
        "encoding": _("The file is no text. Save it as CSV, in UTF-8."),
        "table": _("The file is no table. Save it as CSV."),
    }
    try:
        rows = question_file.read(content)
    except UnreadableError as error:
        raise invalid(reasons[str(error)]) from None
    if not rows:
        raise invalid(_("The file has no question below its first line."))
    return rows


def _called(draft: Draft) -> dict[str, set[str]]:
    """The ids of the draft's sources by what a file may call them: an id, or a name that several
    may have."""
    found = defaultdict[str, set[str]](set)
    for source in sources_of(draft):
        found[_plain(source.name)].add(source.id)
    found.update({_plain(source.id): {source.id} for source in sources_of(draft)})
    return found


def _meant(row: Row, called: Mapping[str, set[str]]) -> set[str]:
    return called.get(_plain(row.source), set()) if row.source else set()


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _wrongs(row: Row, called: Mapping[str, set[str]]) -> Iterator[FieldError]:
    path = f"line {row.line}"
    for name, text, longest in (
        ("question", row.question, LONGEST_QUESTION),
        ("expected", row.expected, LONGEST_EXPECTED),
    ):
        label = {"question": _("The question"), "expected": _("What is expected")}[name]
        if not text:
            yield FieldError(path, _("%(label)s is missing.") % {"label": label})
        elif len(text) > longest:
            words = _("%(label)s is longer than %(most)d characters.")
            yield FieldError(path, words % {"label": label, "most": longest})
    meant = _meant(row, called)
    if row.source and len(meant) != 1:
        none = _("There is no source “%(name)s”.")
        several = _("Several sources are called “%(name)s”. Name one by its ID: %(ids)s.")
        told = {"name": row.source[:80], "ids": ", ".join(sorted(meant))}
        yield FieldError(path, (several if meant else none) % told)


def _refused(wrongs: Sequence[FieldError]) -> Exception:
    words = ngettext(
        "%(count)d thing in the file is wrong. Nothing was imported.",
        "%(count)d things in the file are wrong. Nothing was imported.",
        len(wrongs),
    )
    return invalid(words % {"count": len(wrongs)}, *wrongs[:MOST_NAMED])
