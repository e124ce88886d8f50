"""What pages and API clients are told of a draft's test cases and of what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatflows.cases import batch
from chatflows.cases.reading import cases_of
from chatflows.cases.results import FAILED, FAULT, PASSED, results_of_each
from chatflows.cases.wording import title_of, unfinished, why
from chatflows.drawn import drawing_of
from chatflows.naming import names_of
from common.durations import duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatflows.cases.reading import Case
    from chatflows.cases.results import Result
    from drafts.draft import Draft
    from drafts.jobs import Job

# How a case is: what came of it, or why that is not known. In the order in which they are shown.
PLAYING, WAITING, INCOMPLETE, OUTDATED, NOT_RUN = (
    *("running", "waiting", "incomplete", "outdated", "not_run"),
)
ORDER = (FAULT, FAILED, PLAYING, WAITING, INCOMPLETE, OUTDATED, NOT_RUN, PASSED)


@dataclass(frozen=True)
class ShownNode:
    """A node that ran or was to run. ``is_there``: the flow still has it."""

    id: str
    name: str
    is_there: bool


@dataclass(frozen=True)
class ShownMiss:
    """Why an expectation did not hold; ``node`` is the one that it is about."""

    kind: str
    words: str
    node: ShownNode | None = None


@dataclass(frozen=True)
class Row:
    """A case with its ``state``. ``result`` is of the case and the flow as they are, or where the
    state is ``outdated`` as they were."""

    case: Case
    state: str
    result: Result | None
    names: Mapping[str, str]

    @property
    def title(self) -> str:
        return title_of(self.case)

    @property
    def is_failing(self) -> bool:
        return self.state in (FAILED, FAULT)

    @property
    def misses(self) -> list[ShownMiss]:
        found = self.result.misses if self.result else ()
        return [
            ShownMiss(each.kind, why(each, self.names), self._node(each.value))
            if each.kind in ("passes_node", "avoids_node")
            else ShownMiss(each.kind, why(each, self.names))
            for each in found
        ]

    @property
    def took(self) -> str:
        """How long it took."""
        return duration(self.result.duration_ms) if self.result else ""

    @property
    def why(self) -> str:
        """Why it fails, or cannot be run, in a sentence or several."""
        if self.state == INCOMPLETE:
            return unfinished(self.case)
        if self.result and self.state == FAULT:
            node = self.fault_node
            return f"{node.name}: {self.result.error}" if node else self.result.error
        return " ".join(each.words for each in self.misses)

    def planned(self) -> dict[str, str]:
        """As the plan tells it to API clients."""
        why = self.why if self.is_failing or self.state == INCOMPLETE else ""
        return {"id": self.case.id, "name": self.title, "state": self.state, "why": why}

    @property
    def ran(self) -> list[tuple[str, list[ShownNode]]]:
        """The messages that came to be sent, each with the nodes that ran for it."""
        ran = self.result.ran if self.result else ()
        return [
            (message, [self._node(each) for each in nodes])
            for message, nodes in zip(self.case.messages, ran, strict=False)
            if nodes
        ]

    @property
    def fault_node(self) -> ShownNode | None:
        """The node whose fault ended it."""
        return self._node(self.result.node_id) if self.result and self.result.node_id else None

    def _node(self, node_id: str) -> ShownNode:
        return ShownNode(node_id, self.names.get(node_id, node_id), node_id in self.names)


@dataclass(frozen=True)
class Told:
    """``rows`` are those that need somebody first; ``must_pass``: a deploy waits for them."""

    job: Job | None
    rows: Sequence[Row]
    must_pass: bool

    @property
    def is_running(self) -> bool:
        return self.job is not None and self.job.is_running

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def passed(self) -> int:
        return sum(row.state == PASSED for row in self.rows)

    @property
    def is_untried(self) -> bool:
        """Whether none was ever run, as far as is known."""
        return all(row.state in (NOT_RUN, INCOMPLETE) for row in self.rows)

    @property
    def failing(self) -> list[Row]:
        return [row for row in self.rows if row.is_failing]

    @property
    def unrun_ids(self) -> list[str]:
        """Those that could be run of which it is not known what would come of them."""
        unknown = (PLAYING, WAITING, OUTDATED, NOT_RUN)
        return [row.case.id for row in self.rows if row.state in unknown]

    @property
    def unrun(self) -> int:
        return len(self.unrun_ids)

    @property
    def playable(self) -> int:
        return sum(row.case.is_playable for row in self.rows)

    @property
    def by_id(self) -> dict[str, Row]:
        return {row.case.id: row for row in self.rows}


def told(draft: Draft) -> Told:
    """How the draft's test cases are now."""
    return told_of_each([draft])[0]


def told_of_each(drafts: Sequence[Draft]) -> list[Told]:
    """``told`` of several drafts of one workspace, looked up in one go."""
    with_cases = [draft for draft in drafts if cases_of(draft.data)]
    jobs = batch.looked_after_each(with_cases)
    kept = results_of_each(draft.id for draft in with_cases)
    prints = batch.fingerprints_of_each(with_cases)
    by_id = {draft.id: found for draft, found in zip(with_cases, prints, strict=True)}
    return [
        _told(draft, jobs.get(draft.id), kept.get(draft.id, {}), by_id.get(draft.id, {}))
        for draft in drafts
    ]


def _told(
    draft: Draft, job: Job | None, kept: Mapping[str, Result], prints: Mapping[str, str]
) -> Told:
    cases = cases_of(draft.data)
    names = names_of(drawing_of(draft.data).nodes.values()) if cases else {}
    rows = [
        Row(case, _state(case, kept.get(case.id), prints[case.id], job), kept.get(case.id), names)
        for case in cases
    ]
    must_pass = (draft.data.get("settings") or {}).get("tests_must_pass") is True
    return Told(job, sorted(rows, key=lambda row: ORDER.index(row.state)), must_pass)


def _state(case: Case, result: Result | None, fingerprint: str, job: Job | None) -> str:
    if job and job.is_running:
        for state, name in ((PLAYING, "playing"), (WAITING, "left")):
            if case.id in job.data[name]:
                return state
    if not case.is_playable:
        return INCOMPLETE
    if result is None:
        return NOT_RUN
    return result.status if result.fingerprint == fingerprint else OUTDATED
