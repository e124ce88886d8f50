"""What a service sends in another form than it should is as good as not there."""

from __future__ import annotations

from typing import Any

import pytest

from channels_deploy.loose_json import list_at, number_at, object_at, objects_at

GIVEN: dict[str, Any] = {
    "object": {"a": 1},
    "list": [{"a": 1}, 2, None],
    "number": 7,
    "text": "7",
    "truth": True,
    "nothing": None,
}


@pytest.mark.parametrize("name", [*GIVEN, "missing"])
def test_only_what_has_the_form_is_there(name: str) -> None:
    value = GIVEN.get(name)
    assert object_at(GIVEN, name) == (value if name == "object" else {})
    assert list_at(GIVEN, name) == (value if name == "list" else [])
    assert objects_at(GIVEN, name) == ([{"a": 1}] if name == "list" else [])
    assert number_at(GIVEN, name) == (value if name == "number" else None)
