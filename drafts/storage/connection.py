"""The connection to the draft store's Redis, and what its absence means to whoever asks."""

from __future__ import annotations

import functools
import logging
import shutil
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from common.problems import unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")
logger = logging.getLogger(__name__)

# More than is being saved at any one moment, and what the databases need to start again.
LEAST_ROOM = 32 * 1024 * 1024


def connection() -> Any:
    """The raw client: its answers are typed too loosely to be of use."""
    return get_redis_connection("drafts")


def for_writing() -> Any:
    """``connection`` for what must be kept once it is acknowledged.

    Redis acknowledges the first change that does not fit on its disk, has it in memory alone and
    refuses only those that follow. If it ended then, what was called saved would be gone. So the
    embedded server is sent nothing while room is short. That leaves the moment between this look
    and the write, if others take all of ``LEAST_ROOM`` in it, and servers whose disk we do not see.
    """
    folder = settings.DRAFTS_FOLDER
    if folder is not None and shutil.disk_usage(folder).free < LEAST_ROOM:
        raise DiskFullError(f"there is too little room in {folder}")
    return connection()


class DiskFullError(RedisError):
    """The draft store's disk is as good as full."""


def answering(function: Callable[P, T]) -> Callable[P, T]:
    """Turn a Redis that is away, full or broken into a problem that says that nothing was lost."""

    @functools.wraps(function)
    def answered(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except RedisError as error:
            logger.warning("the draft store did not answer: %s", error)
            raise unavailable(
                _("Drafts cannot be reached or saved right now. Nothing was lost; try again.")
            ) from error

    return answered
