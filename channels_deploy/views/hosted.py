"""An assistant's hosted page: the widget and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from channels_deploy.door import entity_of, website_by
from common.csp import with_pictures
from common.problems import Problem
from conversations.languages import ENGLISH, RIGHT_TO_LEFT
from conversations.markdown import words_of
from conversations.releases import assistant_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def hosted(request: HttpRequest, slug: str) -> HttpResponse:
    """404, in words for visitors, without such an assistant or while its website channel is off."""
    try:
        connection = website_by(entity__slug=slug)
        assistant = assistant_of(entity_of(connection)).assistant
    except Problem:
        return render(request, "channels_deploy/hosted_gone.html", status=404)
    listed = assistant.listed
    spoken = assistant.language_for(*_wanted(request))
    profile = assistant.greeting({}, spoken)
    language = spoken or ENGLISH
    context = {
        "profile": profile,
        "language": language,
        "rtl": language in RIGHT_TO_LEFT,
        # Of the one who reads this in a list of pages nothing is known.
        "first_words": words_of(profile.welcome_message),
        "key": connection.public_key,
        "listed": listed,
    }
    response = render(request, "channels_deploy/hosted.html", context)
    if assistant.profile.avatar_url:
        with_pictures(response)
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ("Accept-Language",))
    if not listed:
        response["X-Robots-Tag"] = "noindex"
    return response


def _wanted(request: HttpRequest) -> list[str]:
    """The languages that the browser asks for, the dearest first."""
    header = request.headers.get("Accept-Language", "")
    return [name for name, _quality in parse_accept_lang_header(header)]
