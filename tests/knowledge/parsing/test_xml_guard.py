"""XML made to harm is refused at once."""

from __future__ import annotations

import io

import pytest

from knowledge.parsing import xml_guard
from knowledge.parsing.errors import UnreadableError

LAUGHS = "".join(f'<!ENTITY lol{number} "{f"&lol{number - 1};" * 10}">' for number in range(1, 10))
HOSTILE = {
    "billion laughs": f'<!DOCTYPE a [<!ENTITY lol0 "lol">{LAUGHS}]><a><t>&lol9;</t></a>',
    "in an attribute": f'<!DOCTYPE a [<!ENTITY lol0 "lol">{LAUGHS}]><a><t b="&lol9;"/></a>',
    "quadratic": f'<!DOCTYPE a [<!ENTITY b "{"b" * 100_000}">]><a><t>{"&b;" * 100_000}</t></a>',
    "external": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><t>&b;</t></a>',
    "parameter": '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/x"> %b;]><a><t/></a>',
    "deep": f"{'<t>' * 100_000}{'</t>' * 100_000}",
    "broken": "<a><t>",
    "empty": "",
    "not XML": "%PDF-1.7",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused(text: str, encoding: str) -> None:
    raw = text.encode(encoding)
    with pytest.raises(UnreadableError):
        xml_guard.parsed(raw)
    with pytest.raises(UnreadableError):
        list(xml_guard.streamed(io.BytesIO(raw), "t"))


def test_a_type_without_entities_is_read() -> None:
    root = xml_guard.parsed(b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a><t>x</t></a>')
    assert root[0].text == "x"


def test_elements_are_streamed_whatever_their_namespace() -> None:
    raw = b'<a xmlns="urn:one" xmlns:b="urn:two"><t>1</t><b:t>2</b:t><u>3</u></a>'
    assert [element.text for element in xml_guard.streamed(io.BytesIO(raw), "t")] == ["1", "2"]
