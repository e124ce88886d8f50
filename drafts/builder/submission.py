"""What a save posted: dotted fields of one or several steps, as a merge patch."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import Problem
from drafts import editing
from drafts.forms.field_values import merged, overlap
from drafts.forms.step import CHANGED, StepForm
from drafts.paths import dotted
from drafts.storage.flat import flatten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from drafts.builder.opened import Opened
    from drafts.draft import Saved
    from drafts.step import Step
    from drafts.types import DraftType

INVALID = 422
KNOWN = "_known"


@dataclass
class Submission:
    """The posted fields: those that can be kept, and why the others cannot. ``followed`` are the
    places that were changed with them; ``known`` the names of nodes that a canvas uses."""

    forms: list[StepForm] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    rejected: dict[str, str] = field(default_factory=dict)
    renames: list[tuple[str, str, str]] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)
    known: frozenset[str] = frozenset()

    def patch(self) -> dict[str, Any]:
        """The merge patch of everything that was not rejected."""
        patch: dict[str, Any] = {}
        for form in self.forms:
            merged(patch, form.patch(without=self.rejected))
        return patch

    def following(self, draft_type: DraftType[Any], document: dict[str, Any]) -> dict[str, Any]:
        """What the kind changes in ``document`` because of what was chosen and renamed."""
        names: dict[str, dict[str, str]] = {}
        for path, old, new in self.renames:
            names.setdefault(path, {})[old] = new
        patch: dict[str, Any] = {}
        for path, of_list in names.items():
            merged(patch, draft_type.renamed(document, path, of_list))
        merged(patch, draft_type.chosen(document, self.patch()))
        self.followed = [dotted(leaf) for leaf in flatten(patch, {})]
        return patch

    def drawn(self) -> editing.Drawn:
        """The nodes that are posted for the first time, and those that were moved."""
        keys = frozenset(key for form in self.forms for key in form.makes(self.rejected))
        places = frozenset(place for form in self.forms for place in form.moves())
        return editing.Drawn(keys, self.known, places)

    def kept_otherwise(self, document: dict[str, Any]) -> list[str]:
        """The fields that were saved as what fits with what others changed."""
        return [name for form in self.forms for name in form.kept_otherwise(document)]

    def add(self, form: StepForm) -> None:
        rejected = form.rejected()
        self.forms.append(form)
        self.names += form.posted()
        self.renames += form.renames()
        for name, message in rejected.items():
            self.reject(name, message)
        for name in (form.only or frozenset()) - form.fields.keys():
            self.reject(name, _("There is no such field."))

    def reject(self, name: str, message: str) -> None:
        self.rejected.setdefault(name, message)
        self.renames = [r for r in self.renames if not name.startswith(f"{r[0]}.{r[1]}.")]


def read(opened: Opened, post: QueryDict, step: Step) -> Submission:
    """What ``post`` says: the names in ``_changed``, else (no script) the whole of ``step``."""
    submission = Submission(known=frozenset(post.getlist(KNOWN)))
    changed = post.getlist(CHANGED)
    wanted = _by_step(opened.draft_type, changed) if changed else {step.name: None}
    for name, only in wanted.items():
        # Without a script the page sends all that it has, which of long lists is a part.
        below = None if changed else opened.below(step)
        form = opened.form(opened.draft_type.step(name), post, only=only, below=below)
        if form is not None:
            submission.add(form)
        for unknown in only or () if form is None else ():
            submission.reject(unknown, _("There is no such field."))
    return submission


def _by_step(draft_type: DraftType[Any], names: Iterable[str]) -> dict[str, list[str] | None]:
    by_step: dict[str, list[str] | None] = {}
    for name in names:
        known = by_step.setdefault(draft_type.step_of(name), [])
        assert known is not None
        known.append(name)
    return by_step


def save(
    submission: Submission, opened: Opened, *, base_version: int | None, patch_id: str | None
) -> Saved | None:
    """Save what can be kept; None when nothing can. Fields that the draft machine refuses join the
    rejected ones, and the rest is saved without them."""
    while patch := submission.patch():
        try:
            return editing.patch(
                opened.actor,
                opened.draft_type,
                opened.draft.id,
                patch,
                base_version=base_version,
                patch_id=patch_id,
                seen=opened.snapshot,
                following=partial(submission.following, opened.draft_type),
                drawn=submission.drawn(),
            )
        except Problem as problem:
            if not _reject_named(submission, problem):
                raise
    return None


def _reject_named(submission: Submission, problem: Problem) -> bool:
    """Reject the fields that ``problem`` names; whether it named any that was not yet."""
    before = len(submission.rejected)
    if problem.status == INVALID:
        for error in problem.errors:
            for name in submission.names:
                if overlap(name, document_path(error.path)):
                    submission.reject(name, error.message)
    return len(submission.rejected) > before


def document_path(path: str) -> str:
    """A path as the API writes it, as a path of the document."""
    return path.removeprefix("data.")
