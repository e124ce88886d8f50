"""A chatbot's configuration as an assistant of the runtime. Knows no framework and no network.

Works on the document of a draft too: what is missing there takes its default, so that a
half-filled chatbot can be talked to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chatbots.marks import Unmarked
from chatbots.profile import label_of, profile_of
from chatbots.reading import read
from conversations.escaping import escaped
from conversations.follow_ups import suggest
from conversations.prompt import cited, compose, render
from conversations.runtime import MemoryLimits, ModelChoice
from conversations.speaking import Speech, failed, speak
from conversations.turn import Cited, Done, Said, Token
from inference.client import Completion, InferenceError
from inference.grounding import NOTHING_FOUND

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from chatbots.schema import Chatbot
    from conversations.runtime import Ports, Profile
    from conversations.turn import Event, Passage, Turn

PLAIN = "You are {name}, an assistant on a website. Be helpful, truthful and brief."
NO_MARKS = "Do not write the numbers of passages in your answer."


class ChatbotAssistant:
    """Answers as one chatbot. Made once per release, or per version of a draft."""

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        chatbot = read(configuration)
        memory, limits = chatbot.memory, chatbot.features.rate_limiting
        credential = chatbot.credential_id
        self.chatbot = chatbot
        self.model_choice = ModelChoice(
            chatbot.provider, chatbot.model, str(credential) if credential else None
        )
        self.model_choices: tuple[ModelChoice, ...] = (self.model_choice,)
        self.credentials: tuple[str, ...] = ()
        self.memory = MemoryLimits(memory.max_messages if memory.enabled else 0, memory.max_tokens)
        self.profile = profile_of(chatbot)
        self.variables: Mapping[str, str] = {v.name: label_of(v) for v in chatbot.variables}
        self.listed = chatbot.visibility == "public"
        self.messages_per_hour = limits.max_messages_per_hour if limits.enabled else None

    def greeting(self, known: Mapping[str, Any]) -> Profile:
        """The profile, its welcome message with the variables filled in as in the prompt, except
        that no value is read as Markdown: it may hold what a visitor typed, or an address."""
        variables = _variables(self.chatbot, known)
        words = render(self.profile.welcome_message, variables, escaped)
        return replace(self.profile, welcome_message=words)

    async def respond(self, turn: Turn, ports: Ports) -> AsyncIterator[Event]:
        """Say the answer piece by piece, then what it rests on and what could be asked next."""
        bases = self._bases()
        passages = await ports.retriever.retrieve(turn.message, bases) if bases else ()
        if bases and not passages and self.chatbot.no_answer.behaviour == "message":
            message = self.chatbot.no_answer.message
            yield Token(message)
            yield Done(message=message)
            return
        model = ports.of(self.model_choice)
        completion, speech = self._completion(turn, passages), Speech()
        shown = _Shown(marks=self.chatbot.features.enable_citations)
        try:
            async for token in speak(model, completion, speech):
                if text := shown.feed(token.text):
                    yield Token(text)
        except InferenceError as error:
            yield failed(error, speech)
            return
        if text := shown.end():
            yield Token(text)
        citations = cited(speech.text, passages) if self.profile.citations else ()
        for passage in citations:
            yield Cited(passage)
        done = Done(
            message=shown.text,
            citations=citations,
            sources=tuple(dict.fromkeys(passage.title for passage in passages)),
            usage=speech.usage,
            model=speech.model,
        )
        if turn.follow_ups and self.chatbot.features.enable_follow_up_suggestions:
            yield Said(done)
            suggested = await suggest(model, self.chatbot.model, turn.message, done.message)
            done = replace(done, follow_ups=suggested)
        yield done

    def _bases(self) -> tuple[dict[str, Any], ...]:
        """The knowledge bases that are asked, with what this chatbot wants otherwise."""
        attached = self.chatbot.knowledge_bases
        return tuple(base.model_dump(mode="json") for base in attached if base.enabled)

    def _completion(self, turn: Turn, passages: tuple[Passage, ...]) -> Completion:
        chatbot = self.chatbot
        messages = compose(
            _instructions(chatbot, with_passages=bool(passages)),
            turn,
            variables=_variables(chatbot, turn.variables),
            memory=self.memory if chatbot.memory.enabled else None,
            passages=passages,
        )
        return Completion(chatbot.model, messages, chatbot.temperature, chatbot.max_tokens)


class _Shown:
    """The answer as the visitor sees it: with its marks, or without."""

    def __init__(self, *, marks: bool) -> None:
        self._filter = None if marks else Unmarked()
        self.text = ""

    def feed(self, piece: str) -> str:
        return self._keep(self._filter.feed(piece) if self._filter else piece)

    def end(self) -> str:
        return self._keep(self._filter.end() if self._filter else "")

    def _keep(self, text: str) -> str:
        self.text += text
        return text


def _instructions(chatbot: Chatbot, *, with_passages: bool) -> str:
    """The system prompt; without one, a plain sentence that still lets the chatbot answer."""
    prompt = chatbot.system_prompt or PLAIN.format(name=chatbot.name or "an assistant")
    asked = any(base.enabled for base in chatbot.knowledge_bases)
    if asked and not with_passages and chatbot.no_answer.behaviour == "say_so":
        return f"{prompt}\n\n{NOTHING_FOUND}"
    if with_passages and not chatbot.features.enable_citations:
        return f"{prompt}\n\n{NO_MARKS}"
    return prompt


def _variables(chatbot: Chatbot, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every declared name with what is known of it: what was given, else its default."""
    declared = {variable.name: variable.default for variable in chatbot.variables}
    known = {name: given[name] for name in declared if given.get(name) not in (None, "")}
    return declared | known
