"""How often something may be asked for: fixed windows, counted atomically in the cache's Redis."""

from __future__ import annotations

from dataclasses import dataclass

import redis
from django_redis import get_redis_connection

from common.problems import too_many, unavailable


@dataclass(frozen=True)
class Limit:
    """At most ``amount`` times in ``seconds``, for each key on its own."""

    name: str
    amount: int
    seconds: int

    def wait(self, key: str) -> int:
        """Count one; 0 when it is allowed, else the seconds to wait.

        Raises ``Problem`` 503 when counting is not possible: what is limited is worth guarding.
        """
        where = f"limit:{self.name}:{key}"
        try:
            pipe = get_redis_connection("default").pipeline()
            pipe.incr(where).expire(where, self.seconds, nx=True).ttl(where)
            count, _, left = pipe.execute()
        except redis.RedisError as error:
            raise unavailable("Nothing was done. Try again in a moment.") from error
        return 0 if count <= self.amount else max(int(left), 1)

    def check(self, key: str) -> None:
        """Count one; raises ``Problem`` 429 when it is one too many."""
        wait = self.wait(key)
        if wait:
            raise too_many("That was often. Wait a little, then try again.", retry_after=wait)


INVITING = Limit("invite", 60, 3600)
TESTING = Limit("credential-test", 10, 60)
