"""What stands around a step's form: ticks, problems, the live-and-draft chip, undo and redo."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from drafts import entities, validation
from drafts.deploying import deploy
from drafts.models import Entity

if TYPE_CHECKING:
    from collections.abc import Collection

    from drafts.builder.opened import Opened
    from drafts.issue import Issue
    from drafts.step import Step


@dataclass(frozen=True)
class ShownStep:
    """A step as ``components/stepper.html`` shows it; ``count`` are its errors."""

    name: str
    label: str
    icon: str
    url: str
    state: str
    current: bool
    count: int


@dataclass(frozen=True)
class ShownIssue:
    """An entry of the problem list with the address that leads to its field."""

    severity: str
    message: str
    step_label: str
    url: str

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


class Frame:
    """Everything around the form of the ``current`` step; worked out when it is first shown."""

    def __init__(self, opened: Opened, current: Step) -> None:
        self.opened, self.current = opened, current

    @cached_property
    def issues(self) -> list[Issue]:
        opened = self.opened
        return validation.issues(opened.draft, opened.actor)

    @property
    def errors(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.severity == "error"]

    @cached_property
    def problems(self) -> list[ShownIssue]:
        labels = {step.name: str(step.label) for step in self.opened.draft_type.steps}
        before: Counter[str] = Counter()
        shown = []
        for issue in self.issues:
            url = self.opened.field_url(issue.path, before[issue.path])
            shown.append(ShownIssue(issue.severity, issue.words, labels[issue.step], url))
            before[issue.path] += 1
        return shown

    @cached_property
    def steps(self) -> list[ShownStep]:
        opened = self.opened
        states = validation.step_states(opened.draft, opened.actor, self.issues)
        return [
            ShownStep(
                step.name,
                str(step.label),
                step.icon,
                opened.step_url(step),
                states[step.name],
                step.name == self.current.name,
                sum(issue.step == step.name for issue in self.errors),
            )
            for step in opened.draft_type.steps
        ]

    def _neighbour(self, offset: int) -> ShownStep | None:
        names = [step.name for step in self.steps]
        index = names.index(self.current.name) + offset
        return self.steps[index] if 0 <= index < len(names) else None

    @property
    def previous(self) -> ShownStep | None:
        return self._neighbour(-1)

    @property
    def next(self) -> ShownStep | None:
        return self._neighbour(1)

    @cached_property
    def live_version(self) -> int | None:
        """The number of the live release of the entity that the draft edits."""
        if self.opened.draft.entity_id is None:
            return None
        entity = Entity.objects.filter(pk=self.opened.draft.entity_id)
        return entity.values_list("live_release__number", flat=True).first()

    @property
    def deleted(self) -> str:
        """What to say when the entity that the draft edits was deleted; empty when it was not, or
        when the draft is of a new one."""
        opened = self.opened
        lost = opened.draft.entity_id is not None and self.live_version is None
        return entities.deleted(opened.draft_type) if lost else ""

    @cached_property
    def changes(self) -> int:
        """How many values that people read of differ from what is live."""
        opened = self.opened
        plan = deploy.plan(opened.actor, opened.draft)
        return len(opened.draft_type.told(plan.changes, plan.between))

    @property
    def chip(self) -> str:
        if self.deleted:
            return _("%(kind)s deleted") % {"kind": self.opened.draft_type.label}
        if self.live_version is None:
            return _("Not live yet")
        changes = ngettext("%(count)d change", "%(count)d changes", self.changes)
        words = {"version": self.live_version, "changes": changes % {"count": self.changes}}
        return _("Live v%(version)d · Draft: %(changes)s") % words

    def messages(self, names: Collection[str]) -> dict[str, str]:
        """What blocks in each of the fields ``names``; an empty text where nothing does."""
        found = dict.fromkeys(names, "")
        for issue in self.errors:
            name = issue.path
            while name and name not in found:  # what is in a field is told at the field
                name = name.rpartition(".")[0]
            if name and not found[name]:
                found[name] = issue.message
        return found

    @property
    def suggestions(self) -> list[Issue]:
        return [issue for issue in self.issues if issue.severity != "error"]

    @property
    def deploy_words(self) -> str:
        """What stands on the button that leads from the last step to the plan."""
        opened = self.opened
        own = "" if self.errors else opened.draft_type.deploy_words(opened.draft)
        return own or _("Review and deploy")

    @property
    def current_url(self) -> str:
        return self.opened.step_url(self.current)

    @property
    def save_url(self) -> str:
        """Where the page sends what was typed: with what of its lists it shows."""
        is_listed = bool(self.opened.below(self.current))
        return self.opened.step_url(self.current, self.opened.focus if is_listed else "")

    @property
    def urls(self) -> dict[str, str]:
        return self.opened.urls

    def context(self) -> dict[str, Any]:
        """For the templates."""
        opened = self.opened
        return {
            "frame": self,
            "step": self.current,
            "opened": opened,
            "actor": opened.actor,
            "draft": opened.draft,
            "draft_type": opened.draft_type,
            "editable": opened.actor.is_editor,
        }
