"""The contract with a channel whose service passes on what people write, and is told the answers.

A service's call becomes ``Arrived`` messages (``read``), each is answered by the assistant in the
chat that it belongs to, and the answer goes out in ``Part``s (``send``). Only ``read`` and ``send``
know the service; what is done when, and what becomes of a crash, is the same for all of them.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from channels_deploy import deliveries
from channels_deploy.channel import Channel, Limit
from channels_deploy.dialects import dialect_of
from channels_deploy.webhooks import needs_https

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from channels_deploy.channel import Config
    from channels_deploy.dialects.part import Part
    from channels_deploy.finding import Finding
    from channels_deploy.models import Connection
    from conversations.turn import Done


class NotAuthenticError(Exception):
    """A call that the service did not make, or not for this connection."""


class UnclearError(Exception):
    """Nobody knows whether the service has taken what was sent: it is sent again only where the
    channel ``repeats`` it."""


@dataclass(frozen=True)
class Call:
    """A request as it came in, of which nothing is believed yet. Names in ``headers`` are small."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Arrived:
    """A message for the assistant. ``id`` is the service's name of it, the same however often it is
    delivered; ``chat`` names the conversation that it belongs to, ``address`` is what ``send``
    needs to answer there, as plain JSON, and ``later`` what it needs to say something there that
    answers nothing, where that differs. ``notice`` is what is answered in the assistant's place,
    where it cannot be asked; who ``greets`` has just come and hears its first words. ``at`` is when
    it was written, where that may be long ago. After ``deadline`` an answer comes too late for the
    service: one that is still being given then is broken off, so it has to leave time for saying
    that."""

    id: str
    chat: str
    text: str = ""
    address: Mapping[str, Any] = field(default_factory=dict)
    later: Mapping[str, Any] | None = None
    visitor: Mapping[str, Any] = field(default_factory=dict)
    notice: str = ""
    greets: bool = False
    at: datetime | None = None
    deadline: datetime | None = None


@dataclass(frozen=True)
class Report:
    """What became of a part that was sent: ``id`` is what ``send`` gave for it. ``name`` is what
    ``send`` was told to call it, from a service that says so."""

    id: str
    status: str
    error: str = ""
    name: str = ""


@dataclass(frozen=True)
class Reading:
    """What a call says. ``answer`` is what its sender gets at once: JSON, or a text."""

    arrived: Sequence[Arrived] = ()
    reports: Sequence[Report] = ()
    answer: Mapping[str, Any] | str = ""


class Messenger(Channel):
    """A service that people write to. Its methods are synchronous, and may take their time except
    for ``check`` and ``read``, for which the service waits.

    ``values`` are those of the connection's credential, in the clear; ``check`` is given them where
    the service ``proves_by_credential``. ``tells_progress``: what has been said so far is shown
    while the answer is given. It ``promises``: people are shown that an answer follows, which is
    sent by the message's address alone, without a credential. ``answerable_for`` is how long after
    somebody wrote they can be told something, if not for ever.
    """

    proves_by_credential: bool = False
    tells_progress: bool = False
    promises: bool = False
    answerable_for: timedelta | None = None

    def limit(self, config: Config) -> Limit | None:
        if self.credential_field and not config.get(self.credential_field):
            missing = _("%(channel)s has no credential, so it cannot be connected")
            return Limit(
                _("No credential"),
                missing % {"channel": self.short},
                _("Choose a credential"),
                self.credential_field,
            )
        return needs_https(str(self.short))

    @abstractmethod
    def recognise(self, values: Mapping[str, str]) -> str:
        """Whose credential it is, in a sentence for whoever stores it; raises ``ChannelError``."""

    def examine(self, connection: Connection, values: Mapping[str, str]) -> Iterable[Finding]:
        """What became of the answers; a channel adds what its service says."""
        del values
        return deliveries.findings(connection)

    @abstractmethod
    def check(self, connection: Connection, values: Mapping[str, str], call: Call) -> None:
        """Raises ``NotAuthenticError`` unless the service made the call, or ``Problem`` 403 where
        that is what it wants to hear. Nothing of the body may have a meaning before."""

    @abstractmethod
    def read(self, connection: Connection, call: Call) -> Reading:
        """What a call says that was checked; raises ``Problem`` 400 for what no service sends."""

    def begin(self, values: Mapping[str, str], address: Mapping[str, Any]) -> None:
        """Tell the person that the message is being answered, as far as the service can show that,
        when the answer takes longer than a moment. Raises ``ChannelError``, which changes
        nothing."""

    def begins_at_once(self, address: Mapping[str, Any]) -> bool:
        """Whether ``begin`` has to be called however soon the answer comes."""
        return False

    def show(self, values: Mapping[str, str], address: Mapping[str, Any], so_far: str) -> bool:
        """Show what has been said so far, where the channel ``tells_progress``; False when there is
        no room to show more. Raises as ``begin``."""
        return False

    def hears(self, address: Mapping[str, Any]) -> bool:
        """Whether anybody is told there what is said; what is not told stays in the inbox."""
        return True

    def parts(self, answer: Done) -> Sequence[Part]:
        """The answer in the order in which it is sent, none of it longer than the service takes."""
        return dialect_of(self.name).parts(answer)

    @abstractmethod
    def send(
        self,
        values: Mapping[str, str],
        address: Mapping[str, Any],
        part: Part,
        number: int,
        name: str,
    ) -> str:
        """Send one part of an answer, the first of which has the ``number`` 0; gives the service's
        id of it. ``name`` is ours, for services that tell it back in their reports. Raises
        ``ChannelError`` where it was certainly not taken, else ``UnclearError``."""

    def too_late(self) -> str:
        """Why somebody cannot be told something any more who wrote longer ago than that."""
        words = _(
            "%(channel)s takes no answer so long after the person wrote. They have to write "
            "again first."
        )
        return words % {"channel": self.short}

    def repeats(self, address: Mapping[str, Any], number: int) -> bool:
        """Whether people see a part once however often it is sent: then it is sent until the
        service has certainly taken it."""
        return False

    def silence(self, *, with_person: bool) -> str:
        """What is said where the assistant says nothing, maybe since a person has the conversation;
        empty for a service that may be left without an answer."""
        return ""
