"""The connection to the draft store's Redis, and what its absence means to whoever asks."""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.utils.translation import gettext as _
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from common.problems import unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")
logger = logging.getLogger(__name__)


def connection() -> Any:
    """The raw client: its answers are typed too loosely to be of use."""
    return get_redis_connection("drafts")


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
