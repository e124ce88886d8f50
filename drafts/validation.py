"""Types are checked on every save, completeness when asked; both by the kind's schema."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from common.problems import FieldError
from common.schema import NEVER_KEPT
from drafts.issue import Issue
from drafts.messages import place_of, sentence, unplaced
from drafts.schema_errors import wrongs
from drafts.types import draft_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from drafts.draft import Draft
    from drafts.schema_errors import Wrong
    from drafts.step import Step
    from drafts.types import DraftType
    from workspaces.access import Actor

WRONG_TYPE = frozenset(
    {"extra_forbidden", "literal_error", "enum", "union_tag_invalid", "union_tag_not_found"}
    | {"int_from_float", "none_required", "uuid_parsing", "string_unicode"}
    | NEVER_KEPT
)


def type_errors(draft_type: DraftType[Any], data: Mapping[str, Any]) -> list[FieldError]:
    """What cannot even be saved: wrong types, unknown fields, values outside a closed set."""
    return [
        FieldError(
            f"data.{wrong.path}" if wrong.path else "data", sentence(wrong, draft_type.schema)
        )
        for wrong in wrongs(draft_type, data)
        if wrong.kind.endswith("_type") or wrong.kind in WRONG_TYPE
    ]


def new_type_errors(
    draft_type: DraftType[Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[FieldError]:
    """The type errors of ``after`` that ``before`` had not: a change is not blamed for others."""
    found = type_errors(draft_type, after)
    if not found:
        return []
    known = set(type_errors(draft_type, before))
    return [error for error in found if error not in known]


def issues(draft: Draft, actor: Actor) -> list[Issue]:
    """What blocks a deploy, then what would be better, both in the order of the steps."""
    return issues_of_each(draft_types.get(draft.kind), [draft], actor)[0]


def issues_of_each(
    draft_type: DraftType[Any], drafts: Sequence[Draft], actor: Actor
) -> list[list[Issue]]:
    """``issues`` of each draft of a kind, with one look at what they refer to."""
    documents = [draft.data for draft in drafts]
    errors = draft_type.errors_of_each(documents, actor)
    warnings = draft_type.warnings_of_each(documents, actor)
    beside = draft_type.issues_beside_each(drafts, actor)
    return [
        _issues(draft_type, draft, blocking, [*better, *besides])
        for draft, blocking, better, besides in zip(drafts, errors, warnings, beside, strict=True)
    ]


def _issues(
    draft_type: DraftType[Any],
    draft: Draft,
    errors: Iterable[Issue],
    others: Iterable[Issue],
) -> list[Issue]:
    found = [
        _issue(draft_type, wrong) for wrong in wrongs(draft_type, draft_type.judged(draft.data))
    ]
    blocked = {issue.path for issue in found}
    found += (more for more in errors if more.path not in blocked)
    found += others
    found = list(draft_type.placed(found, draft.data))
    place = {step.name: number for number, step in enumerate(draft_type.steps)}
    return sorted(found, key=lambda issue: (issue.severity != "error", place.get(issue.step, 0)))


def _issue(draft_type: DraftType[Any], wrong: Wrong) -> Issue:
    nodes = [item.key for item in wrong.items if item.list_field == draft_type.node_list]
    return Issue(
        "error",
        unplaced(wrong, draft_type.schema),
        wrong.path,
        draft_type.step_of(wrong.path),
        nodes[0] if nodes else None,
        place=place_of(wrong),
    )


@dataclass(frozen=True)
class Report:
    """What validating a draft found."""

    issues: tuple[Issue, ...]

    @property
    def valid(self) -> bool:
        return not self.messages("error")

    def messages(self, severity: str) -> list[str]:
        return [issue.words for issue in self.issues if issue.severity == severity]

    def as_dict(self) -> dict[str, Any]:
        """The report as API clients get it."""
        return {
            "valid": self.valid,
            "errors": self.messages("error"),
            "warnings": self.messages("warning"),
            "issues": [_as_dict(issue) for issue in self.issues],
        }


def _as_dict(issue: Issue) -> dict[str, Any]:
    members = asdict(issue) | {"message": issue.words}
    told = {name: value for name, value in members.items() if name not in {"notable", "place"}}
    return {name: value for name, value in told.items() if value is not None}


def report(draft: Draft, actor: Actor) -> Report:
    """Whether the draft can be deployed, and what to mend or might be better."""
    return Report(tuple(issues(draft, actor)))


def step_states(draft: Draft, actor: Actor, found: Iterable[Issue] | None = None) -> dict[str, str]:
    """Each step as ``done``, ``error``, ``warning`` or ``todo`` (nothing in it yet)."""
    known = list(issues(draft, actor) if found is None else found)
    return {step.name: _state(step, draft, known) for step in draft_types.get(draft.kind).steps}


def _state(step: Step, draft: Draft, found: Iterable[Issue]) -> str:
    if not any(name in draft.data for name in step.fields):
        return "todo"
    severities = {issue.severity for issue in found if issue.step == step.name}
    return next((name for name in ("error", "warning") if name in severities), "done")
