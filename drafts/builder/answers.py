"""Answers to what the page sends: never the form, only the parts around it and the draft's state.

The state is a JSON element that the page reads before the parts are swapped in: the version, the
values of boxes that were changed elsewhere, what was refused, what is in conflict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from drafts.builder.frame import Frame
from drafts.builder.shown import lists_changed, values_below
from drafts.forms.field_values import overlap

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest

    from drafts.builder.opened import Opened
    from drafts.forms.step import StepForm
    from drafts.step import Step


@dataclass
class State:
    """What became of one request. ``paths`` were changed by others, or by an operation; ``done`` is
    what to say of the operation, and the address of the field that it concerns."""

    patch_id: str = ""
    paths: list[str] = field(default_factory=list)
    by: dict[str, str] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    names: Collection[str] = ()
    done: dict[str, str] = field(default_factory=dict)

    def as_json(self, opened: Opened, frame: Frame) -> dict[str, Any]:
        draft = opened.draft
        values = values_below(opened, self.paths)
        return {
            "patch_id": self.patch_id,
            "version": draft.version,
            "updated_at": milliseconds(draft.updated_at),
            "expires_at": milliseconds(draft.expires_at),
            "values": values,
            "paths": self.paths,
            "lists": [p for p in lists_changed(opened, self.paths) if p not in self.lists],
            "by": {name: who for name in values if (who := self._who(name))},
            "rejected": self.rejected,
            "issues": frame.messages(self.names),
            "conflicts": self.conflicts,
            "renamed": self.renamed,
            "status": draft.status,
            "editable": opened.actor.is_editor,
            "done": self.done,
            "undo": draft.can_undo,
            "redo": draft.can_redo,
        }

    def _who(self, name: str) -> str:
        return next((by for path, by in self.by.items() if overlap(name, path)), "")


def milliseconds(moment: Any) -> int:
    return int(moment.timestamp() * 1000)


def _shows_of_form(step: Step, state: State) -> bool:
    """Whether the answer has anything of the step's form: a list of it, or its prompts' menu."""
    return bool(state.lists or getattr(step.form, "creates_variables_in", ""))


def _form(opened: Opened, step: Step, state: State) -> StepForm | None:
    below = opened.below(step)
    return opened.form(step, below=state.lists if below is None else below)


def parts(
    request: HttpRequest, opened: Opened, step: Step, state: State, *, status: int = 200
) -> HttpResponse:
    """The parts of the page that may have changed, with the draft's version as the entity tag."""
    frame = Frame(opened, step)
    context = frame.context() | {
        "state": state.as_json(opened, frame),
        "conflicts": state.conflicts,
        "form": _form(opened, step, state) if _shows_of_form(step, state) else None,
        "lists": state.lists,
    }
    text = render_to_string("drafts/parts.html", context, request)
    return HttpResponse(text, status=status, headers={"ETag": f'"{opened.draft.version}"'})
