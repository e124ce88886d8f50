"""Tries the credentials that sources are read with at their services."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from knowledge.remote import google_drive, notion
from knowledge.remote.errors import RefusedError, RemoteError
from workspaces.credential_testing import CredentialRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


def notion_tried(values: Mapping[str, str]) -> str:
    """Which workspace the integration is in; raises ``CredentialRefusedError``."""
    with _refused(notion.words_for), notion.Notion(values, _never) as api:
        bot = api.me().get("bot")
    name = bot.get("workspace_name") if isinstance(bot, dict) else None
    if not name:
        return _("Notion takes the integration secret.")
    return _("Notion takes the integration secret, for %(workspace)s.") % {"workspace": name}


def google_tried(values: Mapping[str, str]) -> str:
    """Whose account it is; raises ``CredentialRefusedError``."""
    with _refused(google_drive.words_for), google_drive.Drive(values, _never) as drive:
        user = drive.about().get("user")
    email = user.get("emailAddress") if isinstance(user, dict) else None
    if not email:
        return _("Google takes the credential.")
    words = _("Google takes the credential. Share documents with %(email)s.")
    return words % {"email": email}


@contextmanager
def _refused(words_for: Callable[[RefusedError], str]) -> Iterator[None]:
    try:
        yield
    except RefusedError as error:
        raise CredentialRefusedError(words_for(error)) from None
    except RemoteError as error:
        raise CredentialRefusedError(str(error)) from None


def _never() -> bool:
    return False
