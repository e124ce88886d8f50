"""Test questions as a CSV file: brought into a draft, all of its rows or none, and taken out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.problems import FieldError, invalid, too_large
from knowledge.evaluation import question_file
from knowledge.evaluation.question_file import UnreadableError
from knowledge.evaluation.questions import questions_of
from knowledge.questions.adding import add
from knowledge.schema import LONGEST_EXPECTED, LONGEST_QUESTION, MOST_QUESTIONS
from knowledge.shown import sources_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from drafts.draft import Draft
    from knowledge.evaluation.question_file import Row
    from workspaces.access import Actor

LARGEST = 2 * 1024 * 1024
# So many lines are named; the rest is counted.
MOST_NAMED = 20


def bring(actor: Actor, draft: Draft, content: bytes) -> int:
    """Add the questions of a CSV file; gives how many were added. One that the draft has already is
    passed over. Raises ``Problem`` naming the lines that are wrong; nothing is added then."""
    if len(content) > LARGEST:
        raise too_large(_("The file is larger than 2 MB. Nothing was imported."))
    rows = _rows(content)
    different = len({(row.question, row.expected, row.source) for row in rows})
    if different > MOST_QUESTIONS:
        words = _("The file has %(count)d questions, and a base has at most %(most)d of them.")
        raise invalid(words % {"count": different, "most": MOST_QUESTIONS})
    called = _called(draft)
    wrongs = [wrong for row in rows for wrong in _wrongs(row, called)]
    if wrongs:
        raise _refused(wrongs)
    given = [(r.question, r.expected, next(iter(_meant(r, called)), None)) for r in rows]
    return add(actor, draft, given)


def exported(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """The draft's questions as rows of a file, under the columns' names."""
    yield question_file.COLUMNS
    called = _called(draft)
    names = {s.id: s.name for s in sources_of(draft) if called[_plain(s.name)] == {s.id}}
    for question in questions_of(draft.data):
        source = names.get(question.source_id, question.source_id)
        yield question.question, question.expected, source


def _rows(content: bytes) -> list[Row]:
    reasons = {
        "empty": _("The file is empty."),
        "encoding": _("The file is no text. Save it as CSV, in UTF-8."),
        "table": _("The file is no table. Save it as CSV."),
        "columns": _(
            "The first line names columns, but not both of these: “question” and “expected”."
        ),
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
    may have. What a question of the draft names may be gone, and has its id then."""
    found, sources = defaultdict[str, set[str]](set), sources_of(draft)
    for source in sources:
        found[_plain(source.name)].add(source.id)
    ids = {source.id for source in sources} | {q.source_id for q in questions_of(draft.data)} - {""}
    found.update({_plain(each): {each} for each in ids})
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
