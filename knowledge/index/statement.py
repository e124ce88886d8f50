"""The one SQL statement of a search: BM25 over postings and pgvector's cosine.

Words are never ANDed. Each method puts forward its best; all of them are then scored exactly by
both. The postings of common words are only read as far as they weigh most, so that no question has
to read a large part of them; the exact score of a candidate needs none, it is in the chunk's row.
"""

from __future__ import annotations

from knowledge.index.bm25 import K1, B
from knowledge.index.lookup import CANDIDATES, WORDS

CONSTANTS = {
    "k1": K1,
    "b": B,
    "candidates": CANDIDATES,
    "words": WORDS,
    # So many postings are read of the rarest words, and of each that goes beyond its heaviest.
    "postings": 30_000,
    "heaviest": 1_000,
    # So many chunks, by what was read of them, are scored exactly.
    "drawn": 200,
    # How far down the list they are looked for, since not all may be found.
    "depth": 2_000,
    # Of so few chunks that filters leave, all are scored.
    "few": 1_500,
}

TERMS = """
WITH pool AS MATERIALIZED (
  SELECT coalesce(sum(chunks), 0)::float8 AS chunks,
    greatest(coalesce(sum(length) / nullif(sum(chunks), 0), 1), 1)::float8 AS average
  FROM knowledge_index WHERE id = ANY(%(pool)s::bigint[])
), words AS (
  [question]
), known AS MATERIALIZED (
  SELECT lexeme, times, coalesce((
    SELECT sum(frequency) FROM unnest(%(pool)s::bigint[]) AS member
    JOIN knowledge_term ON knowledge_term.id = knowledge_term_id(member, words.lexeme)
  ), 0)::float8 AS frequency FROM words
), terms AS MATERIALIZED (
  SELECT knowledge_term_id(%(index)s, lexeme) AS id, times,
    CASE WHEN sum(frequency) OVER (ORDER BY frequency, lexeme) <= %(postings)s
      THEN %(postings)s ELSE %(heaviest)s END AS postings,
    ln(1 + (greatest(pool.chunks - frequency, 0) + .5) / (frequency + .5)) AS idf
  FROM known, pool ORDER BY frequency, lexeme LIMIT %(words)s
)
"""
# Documents that may be found. What few there are that may not is quicker to look up. Where chunk
# after chunk is judged, IS TRUE keeps the planner from making a join of it: the documents are read
# once, into a hash.
NOT_DISABLED = """
document_id NOT IN (
  SELECT id FROM knowledge_document WHERE base_id = %(base)s AND NOT enabled
)"""
ALLOWED = """
  SELECT id FROM knowledge_document WHERE base_id = %(base)s AND enabled
    AND (%(documents)s::uuid[] IS NULL OR id = ANY(%(documents)s::uuid[]))
    AND (%(sources)s::text[] IS NULL OR source_id = ANY(%(sources)s::text[]))
    AND (%(tags)s::text[] IS NULL OR annotations -> 'tags' ?| %(tags)s::text[])
    AND (%(document_languages)s::text[] IS NULL OR language = ANY(%(document_languages)s::text[]))
"""
FILTERED = f"""
document_id IN ({ALLOWED})"""
# By rarity, so that what is not read weighs least.
DRAWN = """
, postings AS (
  SELECT posting.chunk_id, sum(terms.times * terms.idf * posting.weight) AS score
  FROM terms CROSS JOIN LATERAL (
    SELECT chunk_id, weight FROM knowledge_posting WHERE term_id = terms.id
    ORDER BY weight DESC LIMIT terms.postings
  ) AS posting
  GROUP BY posting.chunk_id ORDER BY score DESC LIMIT %(depth)s
), drawn AS MATERIALIZED (
  SELECT postings.chunk_id FROM postings CROSS JOIN LATERAL (
    SELECT 1 FROM knowledge_chunk
    WHERE id = postings.chunk_id AND enabled AND ([documents]) IS TRUE OFFSET 0
  ) AS found
  ORDER BY postings.score DESC, postings.chunk_id LIMIT %(drawn)s
)"""
EXACT = """(
  SELECT sum(times * idf * many * (%(k1)s::float8 + 1) / (many + %(k1)s::float8
      * (1 - %(b)s::float8 + %(b)s::float8 * chunk.length / pool.average))) AS score,
    sum(idf) FILTER (WHERE many > 0) / nullif(sum(idf), 0) AS coverage
  FROM (
    SELECT times, idf, chunk.frequencies[array_position(chunk.terms, terms.id)]::float8 AS many
    FROM terms
  ) AS term
)"""
BY_WORD = """
, by_word AS MATERIALIZED (
  SELECT drawn.chunk_id FROM drawn JOIN knowledge_chunk AS chunk ON chunk.id = drawn.chunk_id
  CROSS JOIN pool CROSS JOIN LATERAL [exact] AS words
  WHERE words.score > 0 ORDER BY words.score DESC, drawn.chunk_id LIMIT %(candidates)s
)"""
BY_VECTOR = """
, by_vector AS MATERIALIZED (
  SELECT chunk_id FROM knowledge_embedding
  WHERE index_id = %(index)s AND enabled AND ([documents]) IS TRUE
  ORDER BY embedding::halfvec([dimensions]) <=> %(vector)s::halfvec([dimensions])
  LIMIT %(candidates)s
)"""
# Where filters leave few chunks, neither postings nor HNSW help: both give what is best of all, and
# hardly any of it would be allowed. So what is left is read through.
IN_SCOPE = """
, drawn AS MATERIALIZED (
  SELECT id AS chunk_id FROM knowledge_chunk
  WHERE index_id = %(index)s AND enabled AND [documents]
)"""
COUNT_SCOPE = """
SELECT count(*) FROM (
  SELECT 1 FROM knowledge_chunk
  WHERE index_id = %(index)s AND enabled AND [documents] LIMIT %(few)s + 1
) AS found
"""
BY_VECTOR_IN_SCOPE = """
, by_vector AS MATERIALIZED (
  SELECT drawn.chunk_id FROM drawn JOIN knowledge_embedding USING (chunk_id)
  ORDER BY embedding <=> %(vector)s::halfvec LIMIT %(candidates)s
)"""
# Found in another store, which may know of chunks that are gone.
NAMED = """
, by_vector AS MATERIALIZED (
  SELECT id AS chunk_id FROM knowledge_chunk
  WHERE id = ANY(%(nearest)s::bigint[]) AND index_id = %(index)s AND enabled AND [documents]
)"""
NOBODY = ", {} AS MATERIALIZED (SELECT NULL::bigint AS chunk_id WHERE false)"
SCORES = """
SELECT chunk.id, chunk.document_id, coalesce(words.score, 0),
  coalesce(1 - (embedding.embedding <=> %(vector)s::halfvec), 0), coalesce(words.coverage, 0),
  coalesce(document.annotations ->> 'importance', ''), chunk.index_id
FROM (SELECT chunk_id FROM by_word UNION SELECT chunk_id FROM by_vector) AS candidates
JOIN knowledge_chunk AS chunk ON chunk.id = candidates.chunk_id
JOIN knowledge_document AS document ON document.id = chunk.document_id
LEFT JOIN knowledge_embedding AS embedding ON embedding.chunk_id = chunk.id
CROSS JOIN pool
LEFT JOIN LATERAL [exact] AS words ON true
"""
