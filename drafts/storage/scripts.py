"""The Lua scripts that change drafts: each is one atomic step inside Redis."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from redis.exceptions import NoScriptError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from redis import Redis

LUA = Path(__file__).parent / "lua"


class Script:
    """One script. Redis may forget it at any time; it is then sent again."""

    def __init__(self, name: str) -> None:
        self.text = "\n".join((LUA / f"{part}.lua").read_text() for part in ("prelude", name))
        self.digest = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    def __call__(
        self,
        redis: Redis,
        keys: Sequence[str],
        ask: Mapping[str, Any],
        arguments: Iterable[str | bytes | int] = (),
    ) -> list[Any]:
        """The script's answer: a word (``OK`` or why not) and what belongs to it."""
        given = (*keys, orjson.dumps(ask), *arguments)
        try:
            answer = redis.evalsha(self.digest, len(keys), *given)
        except NoScriptError:
            answer = redis.eval(self.text, len(keys), *given)
        return _decoded(answer)

    def each(
        self, redis: Redis, calls: Iterable[tuple[Sequence[str], Mapping[str, Any]]]
    ) -> list[list[Any]]:
        """The answers to several calls (keys and ``ask``) in one go, each atomic by itself."""
        pipeline = redis.pipeline(transaction=False)
        # Sent along each time: within a pipeline there is no asking again without the digest.
        pipeline.script_load(self.text)
        for keys, ask in calls:
            pipeline.evalsha(self.digest, len(keys), *keys, orjson.dumps(ask))
        return [_decoded(answer) for answer in pipeline.execute()[1:]]


def _decoded(answer: Any) -> list[Any]:
    """The answer with its first word as text."""
    assert isinstance(answer, list)
    return [answer[0].decode(), *answer[1:]]


create = Script("create")
read = Script("read")
patch = Script("patch")
touch = Script("touch")
freeze = Script("freeze")
thaw = Script("thaw")
remove = Script("remove")
