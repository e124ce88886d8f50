"""Where a flow begins: with a message in the chat, a call of its webhook, or at a set time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from chatflows.executor.node import Node, OnlyFor, Result, Settings
from chatflows.timetable import Timetable, zones

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatflows.executor.call import Call

CHAT: Final = "chat_message"
WEBHOOK: Final = "webhook"
SCHEDULE: Final = "schedule"
_OF_WEBHOOK = OnlyFor(("trigger_type", (WEBHOOK,)))
_OF_SCHEDULE = ("trigger_type", (SCHEDULE,))


class TriggerSettings(Settings):
    """What starts the flow. Of a webhook: what the caller gets, and the credential whose token
    calls must be signed with. Of a schedule: ``every`` with ``at`` and ``weekday``, or ``cron``, in
    the time zone ``timezone``."""

    trigger_type: Literal["chat_message", "webhook", "schedule"] = Field(
        default=CHAT, title="Starts with"
    )
    respond: Annotated[Literal["answer", "at_once"], _OF_WEBHOOK] = Field(
        default="answer",
        title="The caller gets",
        description="Once deployed, the chatflow's page has the webhook's address under “Channels "
        "and code”. Of a call others read {{trigger1.body.name}}, headers and query.",
    )
    credential_id: Annotated[UUID | None, _OF_WEBHOOK] = Field(
        default=None,
        title="Signed with",
        description="Its token is the secret of Standard Webhooks. Without one, whoever knows the "
        "address may call it.",
    )
    every: Annotated[Literal["hour", "day", "week", "cron"], OnlyFor(_OF_SCHEDULE)] = Field(
        default="day", title="How often"
    )
    at: Annotated[str, OnlyFor(_OF_SCHEDULE, ("every", ("hour", "day", "week")))] = Field(
        default="09:00",
        pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$",
        title="At",
        description="Such as 09:00; every hour, only its minutes count.",
    )
    weekday: Annotated[
        Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        OnlyFor(_OF_SCHEDULE, ("every", ("week",))),
    ] = Field(default="mon", title="Day of the week")
    cron: Annotated[str, OnlyFor(_OF_SCHEDULE, ("every", ("cron",)))] = Field(
        default="",
        max_length=200,
        validate_default=True,
        title="Cron expression",
        description="Minute, hour, day of the month, month, day of the week: 0 9 * * MON-FRI.",
    )
    timezone: Annotated[str, OnlyFor(_OF_SCHEDULE)] = Field(
        default="UTC",
        max_length=60,
        title="Time zone",
        description="Whose clock the times above are of, such as Europe/Berlin.",
    )

    @field_validator("timezone")
    @classmethod
    def _a_zone(cls, name: str) -> str:
        if name not in zones():
            raise ValueError(f"There is no time zone {name}")
        return name

    @field_validator("cron")
    @classmethod
    def _a_timetable(cls, text: str, info: ValidationInfo) -> str:
        is_read = (info.data.get("trigger_type"), info.data.get("every")) == (SCHEDULE, "cron")
        if is_read:
            Timetable(text)
        return text

    def http_credentials(self) -> Iterator[tuple[str, UUID]]:
        """What calls of the webhook must be signed with."""
        if self.credential_id:
            yield "credential_id", self.credential_id

    @property
    def timetable(self) -> Timetable:
        """When it starts; raises ``TimetableError`` where that cannot be read."""
        hour, _colon, minute = self.at.partition(":")
        written = {
            "hour": f"{minute} * * * *",
            "day": f"{minute} {hour} * * *",
            "week": f"{minute} {hour} * * {self.weekday}",
        }
        return Timetable(written.get(self.every, self.cron), self.timezone)


GIVES = {
    CHAT: ("message",),
    WEBHOOK: ("body", "headers", "query", "message"),
    SCHEDULE: ("scheduled_at", "date", "time", "weekday"),
}


class Trigger(Node[TriggerSettings]):
    """Gives what the flow was started with."""

    kind = "trigger"
    settings = TriggerSettings
    main = "message"
    has_input = False
    outputs = ("message",)

    def gives(self, settings: TriggerSettings) -> tuple[str, ...]:
        return GIVES.get(settings.trigger_type, self.outputs)

    async def run(self, call: Call[TriggerSettings]) -> Result:
        occasion = call.turn.occasion
        brought: dict[str, Any] = dict(occasion.payload) if occasion else {}
        given = {"message": call.known.get("input", ""), **brought}
        names = self.gives(call.settings)
        return Result({name: given.get(name) for name in names})
