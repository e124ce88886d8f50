"""How much a workspace keeps of files and texts, beside its drafts and in its bases, and whether
more fits (``KNOWLEDGE_WORKSPACE_BYTES``).

What lies beside a draft is found by looking into its folder, each time that something was put
there, and noted in the hash ``kb:kept:{workspace}``; so no sum can drift, and nobody looks into all
folders for one upload. What is on its way is in ``kb:coming:{workspace}`` before it is written: of
many at once none passes the others. What bases keep is summed up in the database. Chunks and
vectors are made of these texts and count nowhere.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django_redis import get_redis_connection

from common.problems import Problem
from drafts.access import is_kept
from knowledge.beside import files
from knowledge.kind import KIND
from knowledge.models import DocumentText

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

# Seconds that a file may be on its way; who takes longer is not waited for.
PATIENCE = 600
# Notes that so many bytes are coming; gives all that is kept and was on its way before.
_COME = """
local sum = 0
for _, held in ipairs(redis.call('HVALS', KEYS[1])) do
  sum = sum + tonumber(held:match('%d+$'))
end
local now, coming = tonumber(redis.call('TIME')[1]), redis.call('HGETALL', KEYS[2])
for at = 1, #coming, 2 do
  local ending, bytes = coming[at + 1]:match('(%d+) (%d+)')
  if tonumber(ending) < now then
    redis.call('HDEL', KEYS[2], coming[at])
  elseif coming[at] ~= ARGV[1] then
    sum = sum + tonumber(bytes)
  end
end
redis.call('HSET', KEYS[2], ARGV[1], (now + ARGV[3]) .. ' ' .. ARGV[2])
return sum
"""
# Notes what a look that began at some time has found, unless a later look was quicker.
_NOTE = """
local held = redis.call('HGET', KEYS[1], ARGV[1])
if not held or tonumber(held:match('^%d+')) <= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
end
"""


@contextmanager
def room_for(workspace_id: UUID, draft_id: str, size: int) -> Iterator[None]:
    """For as long as ``size`` bytes are being put beside the draft; raises ``Problem`` 413 instead
    when the workspace has no room for them."""
    token = secrets.token_hex(8)
    try:
        most = settings.KNOWLEDGE_WORKSPACE_BYTES
        if most and _taken(workspace_id, token, size) + size > most:
            _look_again(workspace_id)
            taken = _taken(workspace_id, token, size)
            if taken + size > most:
                raise no_room(taken, size)
        yield
    finally:
        look(workspace_id, draft_id)
        _redis().hdel(_coming(workspace_id), token)


def look(workspace_id: UUID, draft_id: str) -> None:
    """Note how much lies beside the draft now."""
    seconds, microseconds = _redis().time()
    at = seconds * 1_000_000 + microseconds
    found = files.size_of(draft_id)
    _redis().eval(_NOTE, 1, _kept(workspace_id), draft_id, at, found)
    if not is_kept(KIND, draft_id):  # it went meanwhile, and was forgotten before it was noted
        forget(workspace_id, draft_id)


def forget(workspace_id: UUID, draft_id: str) -> None:
    """Count nothing for a draft that is gone. Safe to run twice."""
    _redis().hdel(_kept(workspace_id), draft_id)


def kept_in_bases(workspace_id: UUID) -> int:
    """The bytes of all texts that releases of the workspace's bases are made of; those that are
    equal count once in each base."""
    texts = DocumentText.objects.filter(base__workspace_id=workspace_id, base__deleted_at=None)
    return texts.aggregate(sum=Sum("bytes"))["sum"] or 0


def no_room(taken: int, size: int) -> Problem:
    """Why ``size`` bytes were not taken."""
    words = _(
        "The knowledge bases of this workspace and their drafts keep %(taken)s of files and texts, "
        "and may keep %(most)s. These %(size)s were not added; nothing else was changed. Abandon a "
        "draft or delete a base that is not needed, then try again."
    )
    most = filesizeformat(settings.KNOWLEDGE_WORKSPACE_BYTES)
    told = {"taken": filesizeformat(taken), "most": most, "size": filesizeformat(size)}
    return Problem(413, "Too large", words % told, "knowledge-full")


def _taken(workspace_id: UUID, token: str, size: int) -> int:
    """All that is kept or on its way, but for what ``token`` stands for.

    Drafts come before bases: a text that is just being deployed is counted twice rather than not
    at all.
    """
    keys = (_kept(workspace_id), _coming(workspace_id))
    beside: int = _redis().eval(_COME, 2, *keys, token, size, PATIENCE)
    return beside + kept_in_bases(workspace_id)


def _look_again(workspace_id: UUID) -> None:
    """Look at all of its drafts: one may have ended unseen, or lost files."""
    for draft_id in _redis().hkeys(_kept(workspace_id)):
        look(workspace_id, draft_id.decode())


def _kept(workspace_id: UUID) -> str:
    return f"kb:kept:{workspace_id}"


def _coming(workspace_id: UUID) -> str:
    return f"kb:coming:{workspace_id}"


def _redis() -> Any:
    return get_redis_connection("drafts")
