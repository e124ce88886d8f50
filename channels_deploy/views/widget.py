"""What the widget calls: open a session, ask, read on, rate an answer, leave one's details, hear
why not.

Each call does all that needs the database in one go, before it answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from asgiref.sync import sync_to_async
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from limits import RateLimitItemPerMinute

from channels_deploy import tokens
from channels_deploy.cross_origin import cross_origin
from channels_deploy.door import WEBSITE, Visit, entity_of
from channels_deploy.identity import visitor_of
from channels_deploy.views.spoken import spoken
from common.http import json_body, problems
from common.limits import Limit, count
from common.problems import Problem, not_found
from common.timestamps import rfc3339
from conversations import limits, live
from conversations.bodies import (
    FeedbackBody,
    InSessionBody,
    LeadBody,
    NewsBody,
    PanelBody,
    SessionBody,
    parsed,
)
from conversations.languages import ENGLISH
from conversations.looking import looking_on
from conversations.news import News, news_of
from conversations.publicity import as_json, styles, words
from conversations.releases import assistant_of
from conversations.sessions import new_session
from conversations.streaming import sse
from conversations.visits import as_shown, given_back
from conversations.vouching import together

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from channels_deploy.models import Connection
    from conversations.live import PassedOn, Prepared
    from drafts.models import Entity

PER_SESSION = RateLimitItemPerMinute(20)
NEWS_PER_SESSION = RateLimitItemPerMinute(60)


BodyT = TypeVar("BodyT", bound=InSessionBody)


@cross_origin
async def session(visit: Visit) -> HttpResponseBase:
    return JsonResponse(await sync_to_async(_open)(visit))


@cross_origin
async def messages(visit: Visit) -> HttpResponseBase:
    prepared = await sync_to_async(_prepare)(visit)
    return sse(looking_on(prepared.frames()))


@cross_origin
async def news(visit: Visit) -> HttpResponseBase:
    return JsonResponse(await sync_to_async(_news)(visit))


@cross_origin
async def feedback(visit: Visit) -> HttpResponseBase:
    await sync_to_async(_rate)(visit)
    return HttpResponse(status=204)


@cross_origin
async def leads(visit: Visit) -> HttpResponseBase:
    await sync_to_async(_leave_details)(visit)
    return HttpResponse(status=204)


@problems
async def reason(request: HttpRequest, public_key: str) -> HttpResponse:
    """Why a page may not talk to the assistant, for its console; nothing when it may.

    A refusal itself is hidden from the page that gets it: its origin was not admitted.
    """
    if request.method != "GET":
        raise Problem(405, "Method not allowed", "Send a GET.", headers={"Allow": "GET"})
    detail = await sync_to_async(_reason)(Visit(request, public_key))
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
    return JsonResponse({"detail": detail}, headers=headers)


def _reason(visit: Visit) -> str | None:
    try:
        visit.enter()
    except Problem as problem:
        return problem.detail
    return None


@spoken
def _open(visit: Visit) -> dict[str, Any]:
    connection = visit.enter()
    entity = entity_of(connection)
    _count_small(visit, entity)
    body = parsed(SessionBody, json_body(visit.request))
    given = _pass(visit, connection, body)
    opened = live.open_conversation(
        entity,
        given.session_id,
        channel=WEBSITE,
        variables=body.variables,
        language=body.language,
    )
    language = opened.language or ENGLISH
    return {
        "token": tokens.issue(given),
        "expires_at": rfc3339(timezone.now() + tokens.LIFETIME),
        "session_id": opened.session_id,
        "profile": as_json(opened.profile, opened.variables, given.visitor),
        "language": language,
        "strings": words(language),
        "styles": styles(),
        "messages": opened.messages,
        "handoff": opened.handoff,
        "wait": opened.wait,
        "collect_needed": opened.collect_needed,
        "lead_needed": opened.lead_needed,
    }


def _pass(visit: Visit, connection: Connection, body: SessionBody) -> tokens.Pass:
    """The pass to the visitor's own conversation, or to a new one when they have none, or when
    another person uses the browser now. The name of a conversation alone opens nothing."""
    # The widget sends an empty identity along when the page gives variables alone.
    only_variables = body.variables and not body.identity
    held = tokens.read(body.token or "", visit.public_key, visit.origin, within=tokens.RENEWABLE)
    vouched_for = held.user_id if held and held.visitor.get("verified") else ""
    visitor = visitor_of(connection, None if only_variables else body.identity, vouched_for)
    if held and held.user_id and visitor.get("user_id", held.user_id) != held.user_id:
        held = None
    if body.page:
        visitor["page"] = body.page
    known = together(held.visitor, visitor) if held else visitor
    session_id = held.session_id if held else new_session()
    return tokens.Pass(visit.public_key, session_id, visit.origin, known, body.language)


def _within(visit: Visit, model: type[BodyT]) -> tuple[Entity, tokens.Pass, BodyT]:
    """Whom the visitor talks to, in which conversation, and what they send; raises ``Problem``."""
    entity = entity_of(visit.enter())
    held = visit.held()
    said = json_body(visit.request)
    if said.get("session_id") is None:  # it says nothing that the pass does not
        said["session_id"] = held.session_id
    body = parsed(model, said)
    if body.session_id != held.session_id:
        raise not_found(_("There is no such conversation."))
    return entity, held, body


@spoken
def _prepare(visit: Visit) -> Prepared | PassedOn:
    entity, held, body = _within(visit, PanelBody)
    key = ("session", str(entity.pk), held.session_id)
    of_session = Limit(PER_SESSION, key, limits.too_many())
    asked = live.Asked(
        message=body.message,
        session_id=held.session_id,
        channel=WEBSITE,
        variables=body.variables,
        visitor=held.visitor,
        regenerate=body.regenerate,
        public=True,
        opening=_opening(entity, held, body.invited),
        language=held.language,
        limits=[of_session, *limits.of_visitor(entity.pk, limits.address_of(visit.request))],
    )
    return live.prepare(entity, asked)


def _opening(entity: Entity, held: tokens.Pass, invited: str) -> str:
    """What the proactive message said that the visitor followed; nothing where there is no such
    message any more."""
    if not invited:
        return ""
    assistant = assistant_of(entity).assistant
    profile = assistant.profile_in(assistant.language_for(held.language))
    return next((str(each["text"]) for each in profile.invitations if each["id"] == invited), "")


@spoken
def _news(visit: Visit) -> dict[str, Any]:
    """What people said since, whether one has the conversation, and in how many seconds to ask
    again (0: never)."""
    entity, held, body = _within(visit, NewsBody)
    key = ("news", str(entity.pk), held.session_id)
    count([Limit(NEWS_PER_SESSION, key, limits.too_many())])
    found = news_of(entity, held.session_id, WEBSITE, body.after) or News()
    messages = [as_shown(each) for each in found.messages]
    if found.given_back:
        language = assistant_of(entity).assistant.language_for(held.language) or ENGLISH
        messages.append(given_back(found.given_back, language))
    return {"messages": messages, "handoff": found.is_open, "wait": found.wait}


@spoken
def _rate(visit: Visit) -> None:
    entity, held, body = _within(visit, FeedbackBody)
    _count_small(visit, entity)
    live.record_feedback(entity, held.session_id, body.message_id, body.value, channel=WEBSITE)


@spoken
def _leave_details(visit: Visit) -> None:
    entity, held, body = _within(visit, LeadBody)
    _count_small(visit, entity)
    live.record_lead(entity, held.session_id, body.fields, channel=WEBSITE, visitor=held.visitor)


def _count_small(visit: Visit, entity: Entity) -> None:
    """Count a call that costs no model, together with the sessions."""
    count(limits.of_sessions(entity.pk, limits.address_of(visit.request)))
