"""The words of passages and questions, as PostgreSQL's text search reads them. Stores nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db import connection

from knowledge.languages import searchable

if TYPE_CHECKING:
    from collections.abc import Sequence

# The title counts twice. Concatenation shifts positions, so frequencies add up.
PASSAGES = """
SELECT
  array_remove(array_agg(word.lexeme ORDER BY word.lexeme), NULL),
  array_remove(array_agg(cardinality(word.positions) ORDER BY word.lexeme), NULL)
FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS t (title, body, language, n)
LEFT JOIN LATERAL unnest(
  to_tsvector(language::regconfig, title) || to_tsvector(language::regconfig, title)
  || to_tsvector(language::regconfig, body)
) AS word ON word.lexeme IS NOT NULL
GROUP BY n ORDER BY n
"""
# A question is read in every language of the index. All count the same words, so a position that
# one of them leaves out is a stop word there, and counts in none: "what" is rare in French texts.
QUESTION = """
SELECT lexeme, max(times) AS times FROM (
  SELECT language, lexeme, count(*) AS times FROM (
    SELECT language, word.lexeme, position,
      count(*) OVER (PARTITION BY position) AS readings
    FROM unnest(%(languages)s::text[]) AS language,
      unnest(to_tsvector(language::regconfig, %(text)s)) AS word,
      unnest(word.positions) AS position
  ) AS reading
  WHERE readings >= cardinality(%(languages)s::text[]) GROUP BY language, lexeme
) AS in_language GROUP BY lexeme
"""
# More words than anybody asks with; what is longer is a text, not a question.
QUESTION_CHARACTERS = 2_000


@dataclass(frozen=True)
class Passage:
    """What of a chunk is searched by word. ``title`` names its document."""

    title: str
    headings: tuple[str, ...]
    text: str
    language: str

    @property
    def heading(self) -> str:
        return searchable("\n".join((self.title, *self.headings)))


class Answering(Protocol):
    """A chunk's text, and the question that it answers, if any."""

    @property
    def text(self) -> str: ...

    @property
    def question(self) -> str: ...


def body_of(chunk: Answering, context: str) -> str:
    """What of a chunk is searched by word beside its headings. ``context`` is what people say its
    document is."""
    return "\n".join(line for line in (context, chunk.question, chunk.text) if line)


@dataclass(frozen=True)
class Lexemes:
    """The different words of a passage, and how often each occurs."""

    words: tuple[str, ...]
    frequencies: tuple[int, ...]

    @property
    def length(self) -> int:
        return sum(self.frequencies)


def of_passages(passages: Sequence[Passage]) -> list[Lexemes]:
    """In the order of ``passages``."""
    with connection.cursor() as cursor:
        cursor.execute(
            PASSAGES,
            (
                [passage.heading for passage in passages],
                [searchable(passage.text) for passage in passages],
                [passage.language for passage in passages],
            ),
        )
        return [Lexemes(tuple(words), tuple(counts)) for words, counts in cursor.fetchall()]


def question_text(text: str) -> str:
    """What of a question its words are taken from."""
    return searchable(text[:QUESTION_CHARACTERS])


def of_question(text: str, languages: Sequence[str]) -> dict[str, int]:
    """The words of a question read in each of ``languages``, and how often each occurs."""
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, {"languages": list(languages), "text": question_text(text)})
        return dict(cursor.fetchall())
