"""Texts as words to be found by: how the database indexes them, and how it is asked for them.

PostgreSQL's ``simple`` configuration reads them, which has no stems and so fits any language; words
are found by their beginnings. ASCII punctuation parts words, so that ``example.com`` is found in an
address, and scripts that put no spaces between words are read sign by sign.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, TextField

# Characters of a text that are read: PostgreSQL refuses more than a megabyte of words.
LONGEST = 20_000
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
# Thai, kana and Chinese characters.
SIGNS = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_SIGN = re.compile(f"[{SIGNS}]")
_APART = str.maketrans(_PUNCTUATION, " " * len(_PUNCTUATION))
# Without the percent sign, which PostgreSQL parts words at by itself.
_QUOTED = _PUNCTUATION.replace("'", "''").replace("%", "")
_BLANKS = " " * (len(_PUNCTUATION) - 1)


class Words(Func):
    """The words of a text. Every index of it says literally what a query says."""

    output_field = SearchVectorField()
    template = (
        "to_tsvector('simple'::regconfig, regexp_replace("
        f"translate(left(%(expressions)s, {LONGEST}), '{_QUOTED}', '{_BLANKS}'), "
        f"'([{SIGNS}])', ' \\1 ', 'g'))"
    )


class Values(Func):
    """The values of a JSON object, as one text."""

    output_field = TextField()
    template = "jsonb_path_query_array(%(expressions)s, '$.*')::text"


class Beside(Func):
    """Texts one beside the other; none of them may be NULL."""

    output_field = TextField()
    arg_joiner = " || ' ' || "
    template = "(%(expressions)s)"


def words_in(text: str) -> list[str]:
    """What ``text`` is searched for, word by word."""
    return text.translate(_APART).split()


def query_of(words: list[str]) -> SearchQuery:
    """Asks for texts that hold every one of ``words``, which come from ``words_in``. A single
    letter is a word, and no beginning of one: that would be half of all words there are."""
    return SearchQuery(" & ".join(map(_term, words)), config="simple", search_type="raw")


def _term(word: str) -> str:
    apart = _SIGN.sub(r" \g<0> ", word)
    ends = "" if apart != word or len(word) == 1 else ":*"
    return f"'{apart}'{ends}"


PERSON: Any = Words(Beside(Values("visitor"), Values("variables"), "session_id"))
LEAD: Any = Words(Beside(Values("fields"), "name", "email"))
SAID: Any = Words("content")
