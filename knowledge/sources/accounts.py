"""What the kinds that are read from an account at a service have in common."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext as _

from knowledge.remote.errors import RefusedError, RemoteError, RemoteStoppedError
from knowledge.sources.base import StoppedError, UnreadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from knowledge.sources.base import AccountKind, Reading

Client = TypeVar("Client")


@contextmanager
def account(
    kind: AccountKind,
    source: Mapping[str, Any],
    reading: Reading,
    client: Callable[[Mapping[str, str], Callable[[], bool]], AbstractContextManager[Client]],
    words_for: Callable[[RefusedError], str],
) -> Iterator[tuple[Client, str]]:
    """The service's ``client`` with the source's credential, and the id of what is to be read
    there. Whatever goes wrong with the service within is told as readings tell it, a refusal in
    the words of ``words_for``."""
    id_, values = _known_id(kind, source), _values_for(kind, source, reading)
    try:
        with client(values, reading.is_stopped) as connected:
            yield connected, id_
    except RemoteStoppedError as error:
        raise StoppedError from error
    except RefusedError as error:
        raise UnreadError(words_for(error)) from error
    except RemoteError as error:
        raise UnreadError(str(error)) from error


def _known_id(kind: AccountKind, source: Mapping[str, Any]) -> str:
    """The id of what is to be read; a draft keeps what was typed."""
    try:
        return kind.id_of(str(source.get(kind.id_field) or ""))
    except ValueError as error:
        raise UnreadError(f"{error}.") from error


def _values_for(
    kind: AccountKind, source: Mapping[str, Any], reading: Reading
) -> Mapping[str, str]:
    """The values of the source's credential."""
    try:
        return reading.values(kind.credential_kind, str(source.get("credential_id") or ""))
    except LookupError as error:
        words = _("The credential is gone, or cannot be read. Choose another one.")
        raise UnreadError(words) from error
