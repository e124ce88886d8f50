"""A chatbot's configuration as an assistant of the runtime. Knows no framework and no network.

Works on the document of a draft too: what is missing there takes its default, so that a
half-filled chatbot can be talked to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from assistants.assistant import Configured
from assistants.marks import NO_MARKS, Shown
from chatbots.reading import read
from conversations.follow_ups import suggest
from conversations.prompt import cited, compose
from conversations.runtime import MemoryLimits, ModelChoice
from conversations.speaking import Speech, failed, speak
from conversations.turn import Cited, Done, Said, Token
from inference.client import Completion, InferenceError
from inference.grounding import NOTHING_FOUND

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from chatbots.schema import Chatbot
    from conversations.runtime import Ports
    from conversations.turn import Event, Passage, Turn

PLAIN = "You are {name}, an assistant on a website. Be helpful, truthful and brief."


class ChatbotAssistant(Configured):
    """Answers as one chatbot. Made once per release, or per version of a draft."""

    kind = "chatbot"

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        chatbot = read(configuration)
        super().__init__(chatbot)
        memory = chatbot.memory
        self.chatbot = chatbot
        self.model_choice = model_of(chatbot)
        self.model_choices: tuple[ModelChoice, ...] = (self.model_choice,)
        self.credentials: tuple[str, ...] = ()
        self.memory = MemoryLimits(memory.max_messages if memory.enabled else 0, memory.max_tokens)

    async def respond(self, turn: Turn, ports: Ports) -> AsyncIterator[Event]:
        """Say the answer piece by piece, then what it rests on and what could be asked next."""
        bases = self._bases()
        passages = await ports.retriever.retrieve(turn.message, bases) if bases else ()
        if bases and not passages and self.chatbot.no_answer.behaviour == "message":
            message = self.chatbot.no_answer.message
            yield Token(message)
            yield Done(message=message, unanswered="not_found")
            return
        model = ports.of(self.model_choice)
        completion, speech = self._completion(turn, passages), Speech()
        shown = Shown(marks=self.chatbot.features.enable_citations)
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
            unanswered=self._unanswered(speech.text, passages, asked=bool(bases)),
        )
        if turn.follow_ups and self.chatbot.features.enable_follow_up_suggestions:
            yield Said(done)
            suggested = await suggest(model, self.chatbot.model, turn.message, done.message)
            done = replace(done, follow_ups=suggested)
        yield done

    def _unanswered(
        self, answer: str, passages: tuple[Passage, ...], *, asked: bool
    ) -> Literal["", "not_found", "not_used"]:
        """What shows that the knowledge bases hold no answer. Without citations nobody can tell
        whether the model used what was found."""
        if asked and not passages:
            return "not_found"
        tells = bool(passages) and self.chatbot.features.enable_citations
        return "not_used" if tells and not cited(answer, passages) else ""

    def _bases(self) -> tuple[dict[str, Any], ...]:
        """The knowledge bases that are asked, with what this chatbot wants otherwise."""
        attached = self.chatbot.knowledge_bases
        return tuple(base.model_dump(mode="json") for base in attached if base.enabled)

    def _completion(self, turn: Turn, passages: tuple[Passage, ...]) -> Completion:
        chatbot = self.chatbot
        messages = compose(
            _instructions(chatbot, with_passages=bool(passages)),
            turn,
            variables=self.values(turn.variables),
            memory=self.memory if chatbot.memory.enabled else None,
            passages=passages,
        )
        return Completion(chatbot.model, messages, chatbot.temperature, chatbot.max_tokens)


def model_of(chatbot: Chatbot) -> ModelChoice:
    """The model that the chatbot asks for."""
    credential = str(chatbot.credential_id) if chatbot.credential_id else None
    return ModelChoice(chatbot.provider, chatbot.model, credential)


def _instructions(chatbot: Chatbot, *, with_passages: bool) -> str:
    """The system prompt; without one, a plain sentence that still lets the chatbot answer."""
    prompt = chatbot.system_prompt or PLAIN.format(name=chatbot.name or "an assistant")
    asked = any(base.enabled for base in chatbot.knowledge_bases)
    if asked and not with_passages and chatbot.no_answer.behaviour == "say_so":
        return f"{prompt}\n\n{NOTHING_FOUND}"
    if with_passages and not chatbot.features.enable_citations:
        return f"{prompt}\n\n{NO_MARKS}"
    return prompt
