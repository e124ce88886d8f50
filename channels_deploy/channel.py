"""The contract with a channel: one class in one file, listed once in ``channels``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from channels_deploy.models import Connection


class ChannelError(Exception):
    """The channel refused or could not be reached: its own words, never a secret.

    ``permanent`` means that trying again will not help until somebody changes something.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


class Channel(ABC):
    """A place where visitors reach an assistant. Knows neither assistants nor models.

    A channel that is ``immediate`` has nothing outside to call: it is live with the deploy itself.
    Every method may be called twice for the same connection.
    """

    name: str
    label: str | _StrPromise
    immediate: bool = False

    @abstractmethod
    def connect(self, connection: Connection) -> Mapping[str, Any]:
        """Point the service at us; gives the facts to keep. Raises ``ChannelError``."""

    @abstractmethod
    def withdraw(self, connection: Connection) -> None:
        """Undo ``connect``. Raises ``ChannelError``."""

    @abstractmethod
    def result(self, connection: Connection) -> dict[str, Any]:
        """What somebody needs to use a live connection: addresses, codes, names."""
