"""What can go wrong between us and a service. Messages never hold what the service was sent."""

from __future__ import annotations


class RemoteError(Exception):
    """Nothing was read; the message tells a person why and what to do."""


class RefusedError(RemoteError):
    """The service said no. ``code`` is its own word for why, for programs; empty when it gave
    none."""

    def __init__(self, message: str, status: int, code: str = "") -> None:
        super().__init__(message)
        self.status, self.code = status, code


class RemoteStoppedError(Exception):
    """Nobody wants the answer any more."""
