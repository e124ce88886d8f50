"""What a page shows before anybody opens the chat: the text beside the launcher, and the messages
that come up by themselves, in the visitor's language."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.http import JsonResponse

from channels_deploy.cross_origin import cross_origin
from channels_deploy.door import Visit, entity_of
from conversations.bodies import LONGEST_NAME
from conversations.languages import ENGLISH, RIGHT_TO_LEFT
from conversations.publicity import EARLY, words
from conversations.releases import assistant_of

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

# Asked for by every page that a visitor reads: a deploy is seen by them after so long. It writes
# nothing and asks no model, so like the hosted page it has no limit, which everybody in an office
# would share.
FRESH_SECONDS = 300


@partial(cross_origin, method="GET")
async def launch(visit: Visit) -> HttpResponseBase:
    response = JsonResponse(await sync_to_async(_launch)(visit))
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return response


def _launch(visit: Visit) -> dict[str, Any]:
    assistant = assistant_of(entity_of(visit.enter())).assistant
    spoken = assistant.language_for(visit.request.GET.get("language", "")[:LONGEST_NAME])
    language, profile = spoken or ENGLISH, assistant.profile_in(spoken)
    said = words(language)
    return {
        "launcher_text": profile.launcher_text,
        "invitations": profile.invitations,
        "language": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "strings": {name: said[name] for name in EARLY},
    }
