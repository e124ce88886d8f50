"""What expressions come to."""

from __future__ import annotations

from typing import Any

import pytest

from chatflows.expressions import ExpressionError, parse

KNOWN: dict[str, Any] = {
    "llm1": {"intent": "billing", "text": "Hello", "confidence": 0.82, "urgent": True},
    "kb": {"results": [{"title": "Prices", "score": 0.9}, {"title": "Terms", "score": 0.4}]},
    "http1": {"status": 200, "body": {"content-type": "x", "in": 1, "items": [1, 2, 3]}},
    "name": "Ana",
    "age": "42",
    "nobody": None,
    "empty": "",
}


def value(text: str) -> Any:
    return parse(text).value(KNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{llm1.intent}} === 'billing'", True),
        ("llm1.intent == 'billing'", True),
        ('llm1.intent !== "billing"', False),
        ("{{ {{name}} }}", "Ana"),
        ("kb.results[0].title", "Prices"),
        ("kb.results.1.title", "Terms"),
        ("kb.results[-1]['title']", "Terms"),
        ("http1.body['content-type']", "x"),
        ("http1.body.in", 1),
        ("kb.results[5].title", None),
        ("nobody.home.at.all", None),
        ("unheard_of", None),
    ],
)
def test_paths_lead_through_objects_and_lists(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 2 - 3", 5),
        ("0.1 + 0.2", 0.3),
        ("7 % 4", 3),
        ("-2 + +5", 3),
        ("7 / 2", 3.5),
        ("age + 1", "421"),
        ("age * 1 + 1", 43),
        ("'Hi ' + name", "Hi Ana"),
        ("[1] + [2]", [1, 2]),
        ("1 < 2 and 2 <= 2", True),
        ("age > 9", True),
        ("'10' > '9'", True),
        ("'b' > 'a'", True),
        ("'2026-02-01' > '2026-01-31'", True),
        ("nobody < 1 or nobody > 1", False),
        ("age == 42", True),
        ("age == '42.0'", False),
        ("true == 'true'", False),
        ("nobody == null", True),
        ("[1, 'a'] == [1, 'a']", True),
        ("2 in http1.body.items", True),
        ("5 not in http1.body.items", True),
        ("'ill' in llm1.intent", True),
        ("'status' in http1", True),
        ("not name == 'Bob'", True),
        ("!llm1.urgent || name == 'Ana'", True),
        ("name == 'Bob' or 'fallback'", "fallback"),
        ("nobody ?? empty ?? 'x'", ""),
        ("nobody ?? 'you' == 'you'", True),
        ("llm1.confidence > 0.8 ? 'sure' : 'unsure'", "sure"),
        ("false ? 1 : true ? 2 : 3", 2),
        ("name | lower == 'ana'", True),
        ("'a' + 'b' | upper", "AB"),
        ("kb.results | pluck('title') | join(' and ')", "Prices and Terms"),
    ],
)
def test_operators_bind_as_people_expect(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("upper(name)", "ANA"),
        ("trim('  a ')", "a"),
        ("replace('a-b-c', '-', '')", "abc"),
        ("replace('abc', '', 'x')", "abc"),
        ("split('a, b,c')", ["a", "b", "c"]),
        ("split('')", []),
        ("truncate('abcdef', 4)", "abc…"),
        ("truncate('abcd', 4)", "abcd"),
        ("truncate('abcd', 1)", "…"),
        ("truncate('abcd', 0)", ""),
        ("starts_with(name, 'A') and ends_with(name, 'a')", True),
        ("contains(name, 'n')", True),
        (r"matches('A-17', '^[A-Z]-\d+$')", True),
        (r"extract('Order 17 of 20', '(\d+) of')", "17"),
        ("extract('none', '[0-9]+')", None),
        ("url_encode('a b&c/d')", "a%20b%26c%2Fd"),
        ("length(name) + length([1, 2]) + length(llm1) + length(nobody)", 9),
        ("first([3, 4]) + last([3, 4])", 7),
        ("first([])", None),
        ("slice('abcdef', 1, 3)", "bc"),
        ("slice([1, 2, 3], -2)", [2, 3]),
        ("reverse([1, 2])", [2, 1]),
        ("concat([1], null, [2, 3])", [1, 2, 3]),
        ("range(1, 4)", [1, 2, 3]),
        ("range(6, 0, -2)", [6, 4, 2]),
        ("sort([10, 9, '8'])", ["8", 9, 10]),
        ("sort(['b', 1, 'a'])", [1, "a", "b"]),
        ("unique([1, 1, '1', 2])", [1, "1", 2]),
        ("unique(['b', 'a', 'b'])", ["b", "a"]),
        ("where(kb.results, 'title', 'Terms')[0].score", 0.4),
        ("keys(http1)", ["status", "body"]),
        ("round(2.345, 2)", 2.35),
        ("round(2.5)", 3),
        ("abs(-1.5)", 1.5),
        ("sum([1, '2', 3.5])", 6.5),
        ("sum([])", 0),
        ("min(3, 1, 2) + max([3, 9])", 10),
        ("number('12.50')", 12.5),
        ("number('twelve')", None),
        ("text(12) + '!'", "12!"),
        ("json([1, 'a', null])", '[1,"a",null]'),
        ("parse_json('{\"a\": [1]}').a[0]", 1),
        ("parse_json('{nonsense')", None),
        ("default(empty, 'friend')", "friend"),
        ("is_empty(' ') and is_empty([]) and is_empty(nobody) and not is_empty(0)", True),
        ("length(today())", 10),
        ("ends_with(now(), 'Z')", True),
    ],
)
def test_functions(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "There is no expression."),
        ("a = b", 3, "write =="),
        ("1 < 2 < 3", 7, "Only two values"),
        ("'abc", 1, "has no end"),
        ("name.", 6, "ends too early"),
        ("(1", 3, "ends too early"),
        ("name.upper()", 11, "( is not expected"),
        ("a ; b", 3, "; is not expected"),
        ("shout(name)", 1, "There is no function shout."),
        ("1 + upper()", 5, "upper takes 1 value, not 0"),
        ("split(1, 2, 3)", 1, "split takes 1 to 2 values, not 3"),
        ("1e999", 1, "too large"),
        ("import os", 8, "os is not expected"),
        ("x" * 2001, 2001, "at most 2,000 characters"),
        ("[" * 40 + "]" * 40, 1, "nested at most"),
        ("not " * 40 + "a", 1, "nested at most"),
        ("+".join(["1"] * 200), 1, "at most 256 parts"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, column: int, words: str) -> None:
    with pytest.raises(ExpressionError, match=words.replace("(", r"\(")) as caught:
        parse(text)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("1 / 0", 3, "no result for 1 and 0"),
        ("1 + nobody", 3, "this is nothing"),
        ("name * 2", 6, "the text 'Ana'"),
        ("name < [1]", 6, "have no order"),
        ("1 in age * 1", 3, "nothing can be in a number"),
        ("sum(name)", 1, "a list is needed, and this is the text 'Ana'"),
        ("keys(name)", 1, "an object is needed"),
        ("truncate(name, 1.5)", 1, "a whole number is needed"),
        ("round(1, 99)", 1, "digits go from 0 to 10"),
        ("matches(name, '(')", 1, "is no pattern"),
        ("min()", 1, "at least one number"),
    ],
)
def test_what_cannot_be_worked_out_says_what_was_found(text: str, column: int, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        value(text)
    assert (caught.value.column, words in caught.value.message) == (column, True)


def test_escapes_in_texts() -> None:
    assert value(r"'it\'s \"so\" \\ \n \u0041 \d'") == 'it\'s "so" \\ \n A \\d'
    assert value("'\n'") == "\n"
