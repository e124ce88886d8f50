"""A draft that somebody has open, with what every view of the builder asks of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from drafts.forms.step import StepForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from drafts.draft import Draft
    from drafts.step import Step
    from drafts.storage.snapshot import Snapshot
    from drafts.types import DraftType
    from workspaces.access import Actor


ACTIONS = (
    *("undo", "redo", "history", "restore", "problems", "variables", "changes", "events"),
    *("touch", "plan", "deploy", "abandon", "duplicate", "export"),
)


@dataclass(frozen=True)
class Opened:
    """``draft`` of the kind ``draft_type`` as ``actor`` sees it, and what it was read from.

    ``view`` is how a step shows its lists, where it can in two ways, ``focus`` the path of what
    somebody came for, and ``at`` which of several problems there, from 0: all as the page's address
    says.
    """

    actor: Actor
    draft_type: DraftType[Any]
    draft: Draft
    snapshot: Snapshot | None = None
    view: str = ""
    focus: str = ""
    at: str = ""

    def now(self, draft: Draft) -> Opened:
        """The same with the draft as it is after a change."""
        return replace(self, draft=draft, snapshot=None)

    def step(self, name: str) -> Step:
        """The step called ``name``; raises ``Http404``."""
        try:
            return self.draft_type.step(name)
        except LookupError as error:
            raise Http404 from error

    def form(
        self,
        step: Step,
        post: QueryDict | None = None,
        *,
        only: Iterable[str] | None = None,
        below: Iterable[str] | None = None,
    ) -> StepForm | None:
        """The form of ``step`` over the document; None for a step without one. ``only`` and
        ``below`` are ``StepForm``'s."""
        if step.form is None:
            return None
        form = step.form(
            post,
            draft_type=self.draft_type,
            document=self.draft.data,
            actor=self.actor,
            only=only,
            below=below,
            draft_id=self.draft.id,
            entity_id=self.draft.entity_id,
        )
        assert isinstance(form, StepForm)
        return form

    def below(self, step: Step) -> list[str] | None:
        """The paths of the list items whose fields the page of ``step`` has; None for all: those of
        a long list are shown one at a time, or by something else."""
        if not step.listed_in:
            return None
        is_item = any(self.focus.startswith(f"{path}.") for path in self.draft_type.keyed_lists)
        return [self.focus] if is_item and self.view == step.listed_in else []

    def url(self, name: str, *more: str) -> str:
        """The address of the builder's view ``name`` for this draft."""
        words = (self.actor.workspace.slug, self.draft_type.url_name, self.draft.id, *more)
        return reverse(f"drafts:{name}", args=words)

    @cached_property
    def urls(self) -> dict[str, str]:
        """The addresses of everything that can be done with the draft, by name."""
        urls = {name: self.url(name) for name in ACTIONS}
        shown = urlencode({"view": self.view} if self.view else {})
        return urls | {"problems": f"{urls['problems']}?{shown}" if shown else urls["problems"]}

    @property
    def list_url(self) -> str:
        """The list that the builder's back arrow leads to."""
        return self.draft_type.list_url(self.actor.workspace)

    def step_url(self, step: Step, focus: str = "", at: int = 0) -> str:
        """The address of ``step``, in the same view, with what is at the path ``focus`` open."""
        is_listed = bool(step.listed_in) and self.view == step.listed_in
        query = ({"view": self.view} if is_listed else {}) | ({"focus": focus} if focus else {})
        query |= {"at": str(at)} if at else {}
        url = self.url("builder", step.name)
        return f"{url}?{urlencode(query)}" if query else url

    def field_url(self, path: str, at: int = 0) -> str:
        """The address that leads to the field of the dotted ``path``, and of what is wrong with it
        to the problem of the number ``at``, from 0."""
        return self.step_url(self.draft_type.step(self.draft_type.step_of(path)), path, at)
