"""Asks whoever chats for something, and waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from chatflows.executor.graph import MAIN
from chatflows.executor.node import Node, OnlyFor, Result, Settings, TemplateText, Waiting
from common.names import NAME
from conversations.variables import field_problem

if TYPE_CHECKING:
    from chatflows.executor.call import Call

GIVEN_UP = "invalid"
# What an answer has to be to stand in a lead; empty: anything.
LEAD_TYPES = {"name": "", "email": "email", "phone": "phone", "company": "", "website": "url"}
UNFIT = {
    "email": "Ask for an e-mail address to keep one",
    "phone": "Ask for a phone number to keep one",
    "url": "Ask for a web address to keep one",
}
Option = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class CollectSettings(Settings):
    """``question`` is a template; the answer has to be one of ``answer_type``, and is kept in the
    variable, if one is named. After ``max_attempts`` the node is left by ``invalid``."""

    question: TemplateText = Field(min_length=1, max_length=5000, title="Question")
    variable: str = Field(default="", pattern=rf"^(?:{NAME})?$", title="Keep it in the variable")
    answer_type: Literal["text", "email", "number", "phone", "url", "date", "select"] = Field(
        default="text", title="Kind of answer"
    )
    options: Annotated[tuple[Option, ...], OnlyFor(("answer_type", ("select",)))] = Field(
        default=(),
        max_length=20,
        validate_default=True,
        title="Options",
        description="A line each, such as: Billing",
    )
    retry_message: TemplateText = Field(
        default="",
        max_length=1000,
        title="When the answer does not fit",
        description="Empty: a sentence that says what is wrong.",
    )
    max_attempts: int = Field(default=3, ge=1, le=10, title="How often it asks")
    lead_field: Literal["none", "name", "email", "phone", "company", "website"] = Field(
        default="none",
        title="Keep it in the lead as",
        description="Who told you who they are is listed under Leads.",
    )
    consent: Annotated[TemplateText, OnlyFor(("lead_field", tuple(LEAD_TYPES)))] = Field(
        default="",
        max_length=500,
        title="What they agree to by answering",
        description="Said below the question, and kept with the lead.",
    )

    @field_validator("lead_field")
    @classmethod
    def _a_lead_holds_what_it_says(cls, lead_field: str, info: ValidationInfo) -> str:
        needed = LEAD_TYPES.get(lead_field, "")
        if needed and info.data.get("answer_type") != needed:
            raise ValueError(UNFIT[needed])
        return lead_field

    @field_validator("options")
    @classmethod
    def _a_select_has_options(
        cls, options: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        if info.data.get("answer_type") == "select" and not options:
            raise ValueError("Add at least one option")
        return options


class Collect(Node[CollectSettings]):
    kind = "collect_input"
    settings = CollectSettings
    main = "value"
    outputs = ("value", "valid")
    asks = True

    endings = (GIVEN_UP,)
    fallbacks = (MAIN,)

    def handles(self, settings: CollectSettings) -> tuple[str, ...]:
        return (MAIN, GIVEN_UP)

    async def run(self, call: Call[CollectSettings]) -> Result | Waiting:
        if call.reply is None or call.state is None:
            return await self._ask(call, _question(call), asked=1)
        settings, asked = call.settings, call.state.get("asked", 1)
        asked = asked if isinstance(asked, int) else 1
        answer = self._chosen(settings, call.reply.strip())
        call.input["answer"] = answer
        problem = self._problem(settings, answer)
        if not problem:
            if settings.variable:
                call.remember(settings.variable, answer)
            if settings.lead_field != "none":
                call.voice.introduce({settings.lead_field: answer}, call.text("consent"))
            return Result({"value": answer, "valid": True})
        if asked >= settings.max_attempts:
            return Result({"value": None, "valid": False}, GIVEN_UP)
        words = call.text("retry_message") if settings.retry_message else problem
        return await self._ask(call, words, asked=asked + 1)

    async def _ask(self, call: Call[CollectSettings], words: str, asked: int) -> Waiting:
        await call.voice.say(words)
        call.voice.offer(call.settings.options)
        return Waiting({"asked": asked})

    def _chosen(self, settings: CollectSettings, answer: str) -> str:
        """An option as it is written, however the answer writes it."""
        if settings.answer_type != "select":
            return answer
        return next((o for o in settings.options if o.casefold() == answer.casefold()), answer)

    def _problem(self, settings: CollectSettings, answer: str) -> str:
        if not answer:
            return settings.question
        return field_problem({"type": settings.answer_type, "options": settings.options}, answer)


def _question(call: Call[CollectSettings]) -> str:
    """With what whoever answers it agrees to."""
    question = call.text("question")
    consent = call.text("consent") if call.settings.lead_field != "none" else ""
    return f"{question}\n\n{consent}" if consent else question
