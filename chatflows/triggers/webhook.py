"""The address that starts a flow: ``POST /hooks/v1/<token>``."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.conf import settings as server
from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from chatflows import occasions
from chatflows.assistant import ChatflowAssistant
from chatflows.models import Delivery, Webhook
from chatflows.nodes.trigger import WEBHOOK, TriggerSettings
from chatflows.triggers import calls, deliveries, unattended
from common.http import problem_response
from common.limits import Limit, count
from common.problems import MEDIA_TYPE, Problem, gone, not_found, unauthenticated, unavailable
from common.webhook_signature import PREFIX, SignatureError, check
from conversations import limits, live
from conversations.releases import assistant_of
from conversations.sessions import new_session
from conversations.views.methods import takes
from workspaces.credentials import values_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from chatflows.triggers.calls import Call
    from chatflows.triggers.unattended import Ran
    from conversations.live import Asked
    from drafts.models import Entity

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
# Of whoever sends from one network: senders batch what happened to several things at once.
PER_SENDER = RateLimitItemPerMinute(120)
ACCEPTED, ERRORS = 202, 400
_running: set[asyncio.Task[Any]] = set()


@dataclass(frozen=True)
class Received:
    """A call that may start its flow. ``row`` remembers it, where that is needed; ``answer`` is
    what was or is answered without waiting for the run."""

    webhook: Webhook
    asked: Asked
    row: Delivery | None = None
    answer: tuple[int, dict[str, Any]] | None = None


def _told(problem: Problem) -> HttpResponseBase:
    return _unlogged(problem_response(problem))


def _unlogged(response: HttpResponseBase) -> HttpResponseBase:
    """Django would log the path of a failure, and with it the address that nobody may know."""
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return response


@takes("POST", tell=_told)
async def call(request: HttpRequest, *, token: str) -> HttpResponseBase:
    received = await sync_to_async(_received)(request, token)
    if received.answer is not None:
        return _response(*received.answer)
    # It goes on when the sender does not wait: what it has begun is done once, and told then.
    task = asyncio.ensure_future(_run(received))
    _running.add(task)
    task.add_done_callback(_running.discard)
    ran = await asyncio.shield(task)
    if ran.problem is not None:
        raise ran.problem
    return _response(*deliveries.answer_of(ran))


def _response(status: int, answer: dict[str, Any]) -> HttpResponseBase:
    media_type = MEDIA_TYPE if status >= ERRORS else "application/json"
    return _unlogged(JsonResponse(answer, status=status, content_type=media_type))


async def _run(received: Received) -> Ran:
    ran = await unattended.run(received.webhook.entity, received.asked)
    await sync_to_async(note)(received.webhook, received.row, ran)
    return ran


def note(webhook: Webhook, row: Delivery | None, ran: Ran) -> None:
    """Keep how a call went."""
    if row is not None:
        deliveries.ended(row, ran)
    words = {"last_run_at": timezone.now(), "last_error": ran.error[:500]}
    Webhook.objects.filter(pk=webhook.pk).update(**words)


def _received(request: HttpRequest, token: str) -> Received:
    """All that is looked at before the run; raises ``Problem``."""
    webhook = _webhook(token)
    count([_of_sender(webhook.entity, limits.address_of(request))])
    settings = _settings(webhook.entity)
    raw = calls.raw_body(request)
    _check_signature(webhook, settings, request, raw)
    # Not before: whoever knows the address alone could use up what the owner's senders may call.
    count(_of_all(webhook.entity))
    found = calls.read(request, raw)
    return _at_once(webhook, found) if settings.respond == "at_once" else _waited(webhook, found)


def _webhook(token: str) -> Webhook:
    """One that may be called; raises ``Problem`` 404, or 410 where its flow has no such start."""
    rows = Webhook.objects.select_related("entity")
    live_ones = rows.filter(entity__deleted_at=None, entity__live_release__isnull=False)
    found = live_ones.filter(token=token).first() if TOKEN.fullmatch(token) else None
    if found is None:
        raise not_found()
    if not found.enabled:
        raise _switched_off()
    return found


def _switched_off() -> Problem:
    return gone(_("This webhook is switched off."))


def _of_sender(entity: Entity, address: str) -> Limit:
    """What one network may send, signed rightly or not."""
    sender = ("hook", str(entity.pk), limits.network(address))
    return Limit(PER_SENDER, sender, _("Too many calls."))


def _of_all(entity: Entity) -> list[Limit]:
    """What all senders may call together, where the server sets a limit."""
    if not (most := server.WEBSITE_MESSAGES_PER_HOUR):
        return []
    together = _("This webhook has reached its limit of calls an hour.")
    return [Limit(RateLimitItemPerHour(most), ("hooks", str(entity.pk)), together)]


def _settings(entity: Entity) -> TriggerSettings:
    assistant = assistant_of(entity).assistant
    assert isinstance(assistant, ChatflowAssistant)
    start = assistant.flow.nodes.get(assistant.starts.get(WEBHOOK, ""))
    if start is None or not isinstance(start.settings, TriggerSettings):
        raise _switched_off()
    return start.settings


def _check_signature(
    webhook: Webhook, settings: TriggerSettings, request: HttpRequest, raw: bytes
) -> None:
    if settings.credential_id is None:
        return
    secret = _secret(webhook.entity, settings)
    if not secret:
        words = _("The credential that calls are signed with is gone, or has no token.")
        Webhook.objects.filter(pk=webhook.pk).update(last_error=words)
        raise unavailable(_("This webhook is not set up completely yet."))
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        check(secret, headers, raw, time.time())
    except SignatureError as error:
        raise unauthenticated(str(error)) from None


def _secret(entity: Entity, settings: TriggerSettings) -> str:
    assert settings.credential_id is not None
    try:
        token = values_of(entity.workspace_id, settings.credential_id).get("token", "")
    except LookupError:
        return ""
    # Nothing behind the prefix is a key that everybody has.
    return token if token != PREFIX else ""


def _waited(webhook: Webhook, found: Call) -> Received:
    """A call whose sender waits for the run; one that was sent before gets the same answer."""
    session_id = found.session_id or new_session()
    asked = asked_of(found.body, found.headers, found.query, session_id)
    if not found.key:
        return Received(webhook, asked)
    running_now = Delivery.Status.RUNNING
    row, is_new = deliveries.taken(webhook, found, session_id, status=running_now, payload={})
    if is_new:
        return Received(webhook, asked, row)
    return Received(webhook, asked, row, deliveries.kept(row))


def _at_once(webhook: Webhook, found: Call) -> Received:
    """A call that a worker runs."""
    session_id = found.session_id or new_session()
    payload = {"body": found.body, "headers": found.headers, "query": found.query}
    waiting = Delivery.Status.WAITING
    row, is_new = deliveries.taken(webhook, found, session_id, status=waiting, payload=payload)
    answer = {"status": "accepted", "id": str(row.pk), "session_id": row.session_id}
    if is_new:
        row.answer_status, row.answer = ACCEPTED, answer
        row.save(update_fields=["answer_status", "answer"])
        deliveries.start(row.pk)
    asked = asked_of(found.body, found.headers, found.query, session_id)
    return Received(webhook, asked, row, (ACCEPTED, answer))


def asked_of(body: Any, headers: Any, query: Any, session_id: str) -> Asked:
    """What a call asks of its flow."""
    return live.Asked(
        message=occasions.message_in(body),
        session_id=session_id,
        channel=WEBHOOK,
        occasion=occasions.of_webhook(body, headers, query),
    )
