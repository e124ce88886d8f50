"""No expression reaches Python, takes long, or grows without end."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatflows.expressions import ExpressionError, parse, parse_template

# Ways out of other sandboxes: of Jinja, simpleeval, RestrictedPython, CEL and format strings.
ESCAPES = [
    "''.__class__.__mro__[1].__subclasses__()",
    "name.__class__.__init__.__globals__",
    "name['__class__']",
    "request.application.__globals__.__builtins__",
    "self._TemplateReference__context",
    "cycler.__init__.__globals__.os.popen('id').read()",
    "lipsum.__globals__['os']",
    "'{0.__class__}'.format(1)",
    "'%s' % name",
    "''.format_map(name)",
    "(lambda: 1)()",
    "[x for x in name]",
    "__import__('os').system('id')",
    "eval('1')",
    "open('/etc/passwd')",
    "name.constructor.constructor('return process')()",
    "x := 1",
    "f'{name}'",
    "`id`",
    "$(id)",
    "name if true else 1",
    "func.gi_frame.f_back",
]
LARGE: list[str] = [
    "9 ** 9 ** 9",
    "'a' * 1000000000",
    "'%1000000000d' % 1",
    "'a'.ljust(1000000000)",
    "[0] * 9999999999",
    "9e99 * 9e99 * 9e99 * 9e99",
    "replace('aaaa', 'a', long)",
    "replace(replace(long, 'a', 'bbbb'), 'b', long)",
    "join(list, long)",
    "long + long + long",
    "list + list + list",
    "split(long, '')",
    "round(1, 1000000000)",
    "slice(long, 0, 99999999999999999999)",
    "truncate(long, 1e300)",
    "matches(long, '((a+)+)+$')",
    "matches('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '^(a|aa)+$')",
    "matches('a', '((a{0,100}){0,100}){0,100}')",
    "json(deep)",
    "deep == deep",
    "sort(list) == reverse(list)",
    "concat(list, list)",
    "range(0, 1000000000)",
]
DEEP: list[Any] = []
for _ in range(600):
    DEEP = [DEEP]
KNOWN: dict[str, Any] = {
    "name": "Ana",
    "long": "a" * 60_000,
    "list": ["a"] * 9000,
    "deep": DEEP,
}


@pytest.mark.parametrize("text", ESCAPES)
def test_known_escapes_find_nothing(text: str) -> None:
    try:
        found = parse(text).value(KNOWN)
    except ExpressionError:
        return
    assert found is None


@pytest.mark.parametrize("text", LARGE)
def test_nothing_grows_without_end(text: str) -> None:
    began = time.process_time()
    try:
        found = parse(text).value(KNOWN)
    except ExpressionError:
        found = None
    assert len(str(found)) < 300_000
    assert time.process_time() - began < 2


WORDS = st.sampled_from(
    [
        *("a", "name", "long", "list", "1", "2.5", "'x'", '"y"', "true", "null", "__class__"),
        *("(", ")", "[", "]", "{", "}", "{{", "}}", ".", ",", "\\", "'", '"', "|", ":", "?"),
        *("+", "-", "*", "/", "%", "==", "===", "!=", "<", ">", "<=", "??", "||", "&&", "!"),
        *("and", "or", "not", "in", "upper", "join", "split", "min", "json", "matches"),
    ]
)


@given(st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=80))
@settings(max_examples=1500, deadline=None)
def test_whatever_is_written_has_a_value_or_an_error_with_its_place(text: str) -> None:
    for read in (parse, parse_template):
        fault = None
        try:
            read(text).value(KNOWN)
        except ExpressionError as error:
            fault = error
        assert fault is None or (fault.message and 1 <= fault.column <= len(text) + 1)


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_what_is_written_into_a_text_is_no_template(text: str) -> None:
    made = parse_template("<{{said}}>").text({"said": f"{{{{secret}}}} {text}", "secret": "s3cret"})
    assert made == f"<{{{{secret}}}} {text}>"


@pytest.mark.parametrize(
    "text", ["{{" * 25_000, "{{ '" * 12_000, "{{a}}" * 10_000, "{{ 'a' }} {{'" * 4000]
)
def test_many_braces_are_read_in_moments(text: str) -> None:
    began = time.process_time()
    with pytest.raises(ExpressionError):
        parse_template(text)
    assert time.process_time() - began < 2
