"""The contract with a channel: one class in one file, listed once in ``channels``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from channels_deploy.public_address import Needs
from common.schema import Schema
from workspaces.credential_field import CredentialField

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django import forms
    from django.utils.functional import _StrPromise

    from channels_deploy.finding import Finding
    from channels_deploy.models import Connection

    Config = Mapping[str, Any]


class ChannelError(Exception):
    """The channel refused or could not be reached: its own words, never a secret.

    ``permanent`` means that trying again will not help until somebody changes something, and
    ``unauthorized`` that the service does not take the credential, whatever it is asked. Each wait
    before another try is ``pace`` times the one before, unless ``retry_after`` says how long.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        pace: int = 2,
        unauthorized: bool = False,
    ) -> None:
        super().__init__(message)
        self.pace = pace
        self.permanent = permanent or unauthorized
        self.retry_after = retry_after
        self.unauthorized = unauthorized


@dataclass(frozen=True)
class Limit:
    """Why a channel that is switched on does only a part of its work, or none of it.

    ``words`` are for a badge, ``sentence`` is for the list of problems. ``remedy`` says what to do
    about it, at the setting ``field``; without one the channel does nothing at all. ``cause`` is
    what is said in place of ``sentence`` behind the names of all channels that have it in common,
    where it is not one channel's own.
    """

    words: str
    sentence: str
    remedy: str = ""
    field: str = ""
    cause: str = ""


class Described:
    """What drafts and pages have to know of a channel, whether it can be connected or not.

    ``label`` is its name on a card, ``short`` in sentences and narrow places. ``settings`` is what
    a draft says of it. ``credential_field`` is the setting, if any, that names a credential, whose
    kind is called like the channel.
    """

    name: str
    label: str | _StrPromise
    short: str | _StrPromise
    icon: str = "plug"
    settings: type[Schema] = Schema
    credential_field: str = ""

    def limit(self, config: Config) -> Limit | None:
        """What these settings, maybe not complete yet, keep it from doing once it is on."""
        return None

    def reach(self, config: Config) -> str:
        """Where visitors find it with these settings, in one sentence."""
        return ""


class Unlisted(Described):
    """A channel of which only its name is left: another version connected it."""

    def __init__(self, name: str) -> None:
        self.name = self.label = self.short = name

    @property
    def sentence(self) -> str:
        """What becomes of it."""
        words = _("This version cannot connect %(channel)s. Its settings are kept.")
        return words % {"channel": self.short}


class Channel(Described, ABC):
    """A place where visitors reach an assistant. Knows neither assistants nor models.

    A channel that is ``immediate`` has nothing outside to call: it is live with the deploy itself.
    Every method may be called twice for the same connection. ``values`` are those of its
    credential, in the clear. ``help`` says on its card what it is;
    ``card`` is the template of what the card holds, given its ``fields``. ``needs`` is what its
    service asks of this server's address. ``opens`` is what the link to its ``address`` says.
    """

    immediate: bool = False
    needs: Needs = Needs()
    help: str | _StrPromise = ""
    card: str = "channels_deploy/cards/fields.html"
    opens: str | _StrPromise = ""

    def fields(self) -> Mapping[str, forms.Field]:
        """The fields that edit its settings in the builder, by the settings' names. One that needs
        a credential has the choice of it."""
        if not self.credential_field:
            return {}
        words = _lazy("Only its name is kept in the draft; the secret stays encrypted.")
        field = CredentialField(self.name, label=_lazy("Credential"), help_text=words)
        return {self.credential_field: field}

    def breaking(self, old: Config, new: Config) -> Iterator[str]:
        """What stops working for those who use it when its settings change, in sentences."""
        yield from ()

    def account(self, values: Mapping[str, str]) -> Mapping[str, Any]:
        """The one fact by which the account of these ``values`` is known, which answers for one
        bot only, as far as they tell it without the service; empty where they do not."""
        return {}

    def address(self, connection: Connection) -> str:
        """Where people open it, such as a chat with its bot, or add it to where they are. Empty:
        there is no such place."""
        return ""

    def summary(self, connection: Connection) -> str:
        """What there is to know of a live connection, in one sentence."""
        return self.reach(connection.config)

    def look_up(self, connection: Connection, values: Mapping[str, str]) -> Mapping[str, Any]:
        """Facts that are kept before ``connect``, because without them nothing could be answered
        that the service asks us meanwhile. Raises ``ChannelError``."""
        return {}

    @abstractmethod
    def connect(self, connection: Connection, values: Mapping[str, str]) -> Mapping[str, Any]:
        """Point the service at us; gives the facts to keep. Raises ``ChannelError``."""

    def examine(self, connection: Connection, values: Mapping[str, str]) -> Iterable[Finding]:
        """What the service says of a connection that was made, one finding after the other; this
        server's address is looked at apart from it. Changes nothing, and asks nothing more once
        the credential was refused. Raises ``ChannelError``."""
        return ()

    @abstractmethod
    def withdraw(self, connection: Connection, values: Mapping[str, str]) -> None:
        """Undo ``connect``. Raises ``ChannelError``; where the service does not take the credential
        any more, there is nothing to undo."""

    @abstractmethod
    def result(self, connection: Connection) -> dict[str, Any]:
        """What somebody needs to use a live connection: addresses, codes, names."""
