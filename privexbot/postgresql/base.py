"""Connects; Django's own backend does all the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import ConnectionPool

if TYPE_CHECKING:
    from psycopg import Connection


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes no connection from the pool that the server has closed, as it closes all when it stops.

    The pool's own check (CONN_HEALTH_CHECKS) pauses ever longer after each closed one it finds, so
    that a request would not live to see the first good one.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        connection: Connection[Any] = super().get_new_connection(conn_params)
        if self.pool is None:
            return connection
        for _ in range(self.pool.max_size):
            try:
                ConnectionPool.check_connection(connection)
            except OperationalError:
                self.pool.putconn(connection)  # which makes a new one in its place
                connection = super().get_new_connection(conn_params)
            else:
                break
        return connection
