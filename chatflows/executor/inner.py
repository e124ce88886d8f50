"""What a node may run itself: rounds of what hangs on it, and other flows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chatflows.executor.call import Round
from chatflows.executor.midst import Midst, Said, joined, kept_by, live_flow, telling
from chatflows.executor.repeats import Repeat
from chatflows.executor.voice import VoiceWithin
from chatflows.executor.walk import Frame, Walk

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from chatflows.executor.effects import Effects
    from chatflows.executor.events import Place
    from chatflows.executor.flow import FlowNode
    from chatflows.executor.midst import Asked
    from chatflows.executor.run import Run


@dataclass(slots=True)
class Inner:
    """Of one visit of ``run`` to the node ``each``, on the way through ``walk``."""

    run: Run
    each: FlowNode
    walk: Walk
    place: Place
    effects: Effects

    async def body(
        self,
        handle: str,
        number: int,
        known: MutableMapping[str, Any],
        kept: Mapping[str, Any] | None = None,
    ) -> Round:
        """As ``chatflows.executor.call.Body``."""
        region = self.run.flow.graph(self.run.start).bodies[self.each.id, handle]
        frame = Frame.of(kept, region)
        repeats = (*self.walk.repeats, Repeat(self.each.node.repeated, number + 1))
        place = (*self.place, number)
        inner = Walk(self.run, region, known, frame, place=place, repeats=repeats)
        is_kept = False
        try:
            is_over = await inner.to_its_end()
            is_kept = self.each.node.keeps_rounds
        finally:
            if frame.waiting and not is_kept:
                # The round is lost, and its question with it: others may ask.
                self.run.lose_question()
        return Round(None if is_over else frame.as_json(), frame.last(region))

    async def within(self, asked: Asked) -> Said:
        """As ``chatflows.executor.call.Within``."""
        run = self.run
        live, kept = live_flow(run.ports.flows, asked.flow_id, run.above), kept_by(asked)
        # Of several that wait, only the one that has asked is given the answer.
        is_answered = bool(kept and kept["frame"]["waiting"])
        message = run.turn.message if is_answered else kept.get("input", asked.message)
        voice = VoiceWithin(run.voice if asked.is_heard else None)
        emit = telling(run.emit, self.each, self.walk.repeats, self.place, is_heard=asked.is_heard)
        turn = replace(run.turn, message=message, variables=asked.variables)
        midst = Midst((*run.above, asked.flow_id), run.shared, voice, emit)
        other = run.another(live, turn, kept, midst)
        try:
            state = await other.within(is_heard=asked.is_heard)
        except BaseException:
            other.take_back()
            self.effects.lasts |= asked.is_heard and bool(voice.text)
            raise
        said = joined(kept, voice)
        if state is not None:
            state = {**state, "flow_id": asked.flow_id, "input": message, "said": said}
        return Said(said, other.state.variables, state)
