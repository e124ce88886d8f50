"""What of a JSON body is refused, and that nothing else is."""

from __future__ import annotations

import json
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import strict_json
from common.http import json_object
from common.problems import Problem

REFUSED = {
    "invalid UTF-8": b'{"a": "\xff"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "a number beyond floats": b'{"a": 1e999}',
    "a number beyond 64 bits": b'{"a": [9223372036854775808]}',
    "a number of 5,000 digits": b'{"a": %s}' % (b"9" * 5000),
    "a name twice": b'{"a": 1, "a": 2}',
    "a name twice inside": b'{"b": [{"a": 1, "a": 2}]}',
    "65 levels": b"[" * 65 + b"]" * 65,
    "a million levels": b"[" * 1_000_000,
    "NUL": b'{"a": "x\\u0000"}',
    "NUL in a name": b'{"\\u0000": 1}',
    "half a surrogate pair": b'{"a": "\\ud800"}',
    "half a surrogate pair in a name": b'{"\\udfff": 1}',
    "a long name": b'{"%s": [0]}' % (b"A" * 257),
    "very many values": b"[" + b"0," * 100_000 + b"0]",
    "a trailing comma": b'{"a": 1,}',
    "two values": b"{} {}",
    "a control character": b'{"a": "\x01"}',
    "nothing": b"",
    "JavaScript": b"{a: 1}",
    "a comment": b'{"a": 1} // no',
}


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED.keys())
def test_refused(raw: bytes) -> None:
    with pytest.raises(Problem) as caught:
        strict_json.parse(raw)

    assert caught.value.status == 400
    assert caught.value.detail


@pytest.mark.parametrize("raw", [b"[]", b"1", b"null", b'"text"', b"true"])
def test_a_body_that_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(Problem, match="must be a JSON object"):
        json_object(raw)


def test_the_place_is_named() -> None:
    with pytest.raises(Problem) as caught:
        strict_json.parse(b'{"data": {"variables": [{"name": "a\\u0000"}]}}')

    assert [error.path for error in caught.value.errors] == ["data.variables.0.name"]


def test_64_levels_and_a_whole_surrogate_pair_are_fine() -> None:
    assert strict_json.parse(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"
    assert strict_json.parse(b"[" * 64 + b"]" * 64)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
    max_leaves=20,
)


@given(values)
def test_everything_else_is_read_as_it_is(value: Any) -> None:
    assert strict_json.parse(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_whatever_comes_is_a_value_or_a_problem(raw: bytes) -> None:
    with suppress(Problem):
        strict_json.parse(raw)


def test_a_long_name_with_many_values_needs_little_memory() -> None:
    """What is kept while looking grows with the depth, not with the name times the values."""
    raw = b'{"%s": [%s0]}' % (b"A" * 256, b"0," * 90_000)
    tracemalloc.start()
    strict_json.parse(raw)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20 * len(raw)
