"""What is wrong with the expressions in a drawing, and what of it nobody reads."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chatflows.checking.parts import missing_part
from chatflows.checking.problem import Problem, at_node
from chatflows.checking.texts import written_in
from chatflows.checking.unknown import unknown
from chatflows.executor.places import setting_of
from chatflows.expressions import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from chatflows.checking.reach import Reach
    from chatflows.checking.texts import Written
    from chatflows.drawn import Drawing, DrawnNode
    from chatflows.expressions.syntax import Reference

# What a run knows besides its nodes and variables.
GIVEN = ("input", "channel")
# What only the nodes that another one repeats read of it; the rest of its output they do not.
OF_A_ROUND = ("item", "index")
# Characters of a flow's expressions that are read, which takes a second, and faults that are told.
MOST_READ, MOST_TOLD = 100_000, 500


def expressions(drawing: Drawing, reach: Reach) -> Iterator[Problem]:
    """Expressions that cannot be read, or read what is not there, each with its column; then
    variables that nobody reads."""
    checking = _Checking(drawing, reach)
    texts = _texts(drawing)
    if sum(written.size for _each, written in texts) > MOST_READ:
        words = _("All expressions of a flow have at most %(most)d characters together.")
        yield Problem("error", "nodes", words % {"most": MOST_READ})
        return
    faults = (fault for each, written in texts for fault in checking.text(each, written))
    told = list(islice(faults, MOST_TOLD))
    yield from told
    if len(told) == MOST_TOLD:
        return  # what else is read is not known
    for name in sorted(drawing.variables.keys() - checking.used - checking.given_a_value):
        words = _("No node uses the variable %(name)s.")
        yield Problem("warning", f"variables.{name}", words % {"name": name})
    yield from _set_in_vain(drawing, checking.used)
    yield from _nothing_kept(drawing, checking.results)


def _texts(drawing: Drawing) -> list[tuple[DrawnNode, Written]]:
    return [
        (each, written)
        for each in drawing.nodes.values()
        for written in written_in(each.node.settings, each.data)
    ]


def _set_in_vain(drawing: Drawing, used: Collection[str]) -> Iterator[Problem]:
    """Variables that nodes set and none reads. Answers of people are kept for whoever reads the
    conversation too."""
    for each in drawing.nodes.values():
        if each.sets and each.sets not in used and not each.node.asks:
            words = _("No node reads the variable %(name)s, which this one sets.")
            yield at_node("warning", each.id, words % {"name": each.sets}, "variable")


def _nothing_kept(drawing: Drawing, read: Collection[str]) -> Iterator[Problem]:
    """Loops of whose ``results`` something is read, and which keep nothing of their rounds."""
    for each in drawing.nodes.values():
        if each.id in read and getattr(each.settings, "result", None) == "":
            words = _("{{%(name)s}} is read, and is an empty list: nothing is kept of the rounds.")
            yield at_node("warning", each.id, words % {"name": each.id}, "result")


def faults_of(drawing: Drawing, reach: Reach, node_ids: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with the expressions of these nodes alone."""
    checking = _Checking(drawing, reach)
    for each in filter(None, map(drawing.nodes.get, node_ids)):
        for written in written_in(each.node.settings, each.data):
            yield from checking.text(each, written)


class _Checking:
    """``used`` are the names that were read so far, ``results`` the loops whose results were;
    ``given_a_value`` the variables that nodes set: these are there, though nobody has declared
    them."""

    def __init__(self, drawing: Drawing, reach: Reach) -> None:
        self.drawing, self.reach = drawing, reach
        self.used: set[str] = set()
        self.results: set[str] = set()
        self.given_a_value = frozenset(each.sets for each in drawing.nodes.values() if each.sets)

    def text(self, each: DrawnNode, written: Written) -> Iterator[Problem]:
        try:
            references = written.read()
        except ExpressionError as error:
            yield _told(each, written, error.column, error.message)
            return
        for reference in references:
            self.used.add(reference.path[0])
            if message := self._fault(each, written, reference):
                yield _told(each, written, reference.column, message)

    def _fault(self, each: DrawnNode, written: Written, reference: Reference) -> str:
        """Why a path leads nowhere; empty where it may lead somewhere."""
        name = reference.path[0]
        if name in GIVEN or name in self.drawing.variables or name in self.given_a_value:
            return ""
        if written.path.startswith("fields.") and name in each.node.outputs:
            return ""  # what the node itself has just found
        other = self.drawing.nodes.get(name)
        if other is None:
            return self._not_known(each, name)
        if not self._can_have_run(each, written, name):
            return _("%(name)s does not run before this node.") % {"name": name}
        if any(owner == other.id for owner, _handle in self.reach.around(each.id)):
            return self._fault_inside(each, other, reference)
        if self._is_of_results(other, reference):
            self.results.add(name)
        return not_given(other, reference.path)

    def _fault_inside(self, each: DrawnNode, other: DrawnNode, reference: Reference) -> str:
        """The same for what a node reads of one that runs it."""
        if inside := self._inside(each, other):
            return _fault_inside(other.id, reference.path[1:], inside)
        if other.node.repeats:
            return _fault_in_a_round(other, reference.path)
        return not_given(other, reference.path)

    def _can_have_run(self, each: DrawnNode, written: Written, name: str) -> bool:
        if name == each.id or name in self.reach.before(each.id):
            return True
        is_after = written.path.partition(".")[0] in each.node.after_rounds
        return is_after and name in self.reach.inside(each.id)

    def _is_of_results(self, other: DrawnNode, reference: Reference) -> bool:
        main = other.node.main
        return other.node.repeats and (*reference.path, main)[1] == main

    def _inside(self, each: DrawnNode, other: DrawnNode) -> Mapping[str, tuple[str, ...]]:
        """All that a node which ``other`` runs reads of it; empty where it reads its output."""
        handles = [handle for owner, handle in self.reach.around(each.id) if owner == other.id]
        return other.node.gives_inside(other.settings, handles[0]) if handles else {}

    def _not_known(self, each: DrawnNode, name: str) -> str:
        hyphened = next((id_ for id_ in self.drawing.nodes if id_.startswith(f"{name}-")), None)
        if hyphened:
            words = _("There is no %(name)s. Rename the node %(node)s, without a hyphen.")
            return words % {"name": name, "node": hyphened}
        known = [*GIVEN, *self.drawing.variables, *sorted(self.reach.before(each.id))]
        return unknown(name, known)


def not_given(other: DrawnNode, path: Sequence[object]) -> str:
    """Why a path that begins with ``other`` leads nowhere in what it gives; empty where it may lead
    somewhere."""
    gives = other.node.gives(other.settings)
    if len(path) == 1 or path[1] == "error":
        return ""
    if gives is None or path[1] in gives:
        schema = other.node.schema_of(other.settings)
        return missing_part(path, schema) if schema else ""
    words = _("%(name)s gives no %(key)s. It gives: %(gives)s.")
    return words % {"name": other.id, "key": path[1], "gives": ", ".join(gives)}


def _fault_inside(name: str, path: Sequence[object], inside: Mapping[str, tuple[str, ...]]) -> str:
    """The same for what a node reads of the one that runs it."""
    if not path:
        return ""
    key, *rest = path
    if key not in inside:
        return _not_yet(name, key, inside)
    known = inside[str(key)]
    if not rest or rest[0] in known:
        return ""
    words = _("%(name)s.%(key)s has no %(part)s. It has: %(known)s.")
    told = ", ".join(known) or _("nothing")
    return words % {"name": name, "key": key, "part": rest[0], "known": told}


def _fault_in_a_round(other: DrawnNode, path: Sequence[object]) -> str:
    """The same for what a round reads of the node that repeats it: alone, the name stands for the
    item."""
    if len(path) > 1 and path[1] in other.node.outputs and path[1] not in OF_A_ROUND:
        return _not_yet(other.id, path[1], OF_A_ROUND)
    return not_given(other, path)


def _not_yet(name: str, key: object, gives: Iterable[str]) -> str:
    words = _("%(name)s gives %(key)s once this is done. Here it gives: %(gives)s.")
    return words % {"name": name, "key": key, "gives": ", ".join(gives)}


def _told(each: DrawnNode, written: Written, column: int, message: str) -> Problem:
    setting = setting_of(each.node.settings, written.path)
    words = _("%(setting)s, column %(column)d: %(message)s")
    told = words % {"setting": setting, "column": column, "message": message}
    return replace(at_node("error", each.id, told, written.path), column=column)
