"""What a draft's recorded runs came to, in brief, so that nobody who only wants to see how a value
begins reads them whole: up to 20 records of up to 256 KB. Kept beside the records, and brought up
to date by those that came since."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from conversations import preview, preview_runs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conversations.preview_runs import Record

# Characters of a text, and by turns levels and members of what is nested, until it is no larger
# than so many bytes.
LONGEST_TEXT = 80
SIZES = ((6, 24), (3, 12), (3, 4), (2, 4))
MOST_BYTES = 4096


@dataclass(frozen=True)
class Newest:
    """What a node gave last, in brief, and in which run."""

    run_id: str
    output: Mapping[str, Any]


@dataclass(frozen=True)
class Digest:
    """``run_ids`` are the runs that it is made of, the newest first; ``nodes`` by their ids;
    ``given`` is what every run knows, as the newest left it."""

    run_ids: Sequence[str] = ()
    nodes: Mapping[str, Newest] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)


def digest_of(draft_id: str) -> Digest:
    """That of the draft's runs as they are now. Reads of them only those that it does not know."""
    run_ids = preview_runs.ids(draft_id)
    if not run_ids:
        return Digest()
    before = _kept(draft_id)
    if run_ids == before.run_ids:
        return before
    is_begun = run_ids[0] in before.run_ids[:1]
    unread = {*run_ids} - {*before.run_ids} | (set() if is_begun else {run_ids[0]})
    records = preview_runs.some(draft_id, [each for each in run_ids if each in unread])
    given = before.given if is_begun else _given(records, run_ids[0])
    digest = Digest(run_ids, _newest(before, records, run_ids), given)
    preview_runs.keep_digest(draft_id, asdict(digest))
    return digest


def _kept(draft_id: str) -> Digest:
    kept = preview_runs.digest(draft_id)
    if kept is None:
        return Digest()
    nodes = {node_id: Newest(**each) for node_id, each in kept["nodes"].items()}
    return Digest(kept["run_ids"], nodes, kept["given"])


def _newest(before: Digest, records: Sequence[Record], run_ids: Sequence[str]) -> dict[str, Newest]:
    """By node the newest of what was known and what ``records`` say. A run that was asked for
    earlier may have ended later, so what is unread need not be the newest."""
    age = {run_id: at for at, run_id in enumerate(run_ids)}
    found = {node_id: each for node_id, each in before.nodes.items() if each.run_id in age}
    for record in records:
        run_id = record["id"]
        for node_id, output in outputs_in(record).items():
            if node_id not in found or age[found[node_id].run_id] >= age[run_id]:
                found[node_id] = Newest(run_id, in_brief(output))
    return found


def outputs_in(record: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By node what it gave last in a run, as far as that was kept."""
    return {
        step["node_id"]: step["output"]
        for step in record.get("steps", ())
        if step["output"] is not None and not step.get("shortened")
    }


def _given(records: Sequence[Record], run_id: str) -> dict[str, Any]:
    """The message and the variables at the end of the run."""
    run = next((record for record in records if record["id"] == run_id), None)
    if run is None:
        return {}
    kept = (run["state"] or {}).get("variables") or {}
    known: dict[str, Any] = {**run["variables"], **kept}
    for step in run["steps"]:
        known |= (step.get("effects") or {}).get("remembered") or {}
    told = known | {"input": run["message"], "channel": preview.CHANNEL}
    return {name: in_brief(value) for name, value in told.items()}


def in_brief(value: Any) -> Any:
    """``value`` as far as a menu tells of it: how it begins, and which parts it has."""
    for levels, members in SIZES:
        brief = _cut(value, levels, members)
        if len(orjson.dumps(brief, default=str)) <= MOST_BYTES:
            break
    return brief


def _cut(value: Any, levels: int, members: int) -> Any:
    if isinstance(value, str):
        return " ".join(value[: LONGEST_TEXT * 25].split())[:LONGEST_TEXT]
    if isinstance(value, dict):
        some = list(value.items())[:members] if levels else ()
        return {str(name)[:LONGEST_TEXT]: _cut(each, levels - 1, members) for name, each in some}
    if isinstance(value, (list, tuple)):
        return [_cut(each, levels - 1, members) for each in value[:members]] if levels else []
    return value
