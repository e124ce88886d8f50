"""Merging and flattening, against a naive reading of RFC 7396."""

from __future__ import annotations

import copy
import time
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.document import Change, merge, value_at
from drafts.paths import dotted, joined, names, stored
from drafts.storage.flat import STEP, DocumentError, flatten, positions, unflatten
from tests.drafts.notes import KEYED as DOTTED

KEYED = {stored(path): field for path, field in DOTTED.items()}
NAMES = st.sampled_from(["a", "b", "c/d", "~", "", "e.f", "~0", "ü", "~p"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(
        alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
PATCHES = st.dictionaries(NAMES, VALUES, max_size=4)
KEYS = st.sampled_from(["k1", "k2", "k3", "x/y", "~l"])


def naive(target: Any, patch: Any) -> Any:
    """RFC 7396, section 2, as it is written there."""
    if not isinstance(patch, dict):
        return patch
    target = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            target.pop(name, None)
        else:
            target[name] = naive(target.get(name), value)
    return target


def applied(fields: dict[str, str], change: Change) -> dict[str, str]:
    return {path: text for path, text in fields.items() if path not in change.deletes} | change.sets


def without_nulls(document: Any) -> Any:
    """A document as drafts hold it: objects have no member that is null."""
    return naive({}, document) if isinstance(document, dict) else document


@given(PATCHES.map(without_nulls))
def test_a_document_survives_being_taken_apart(document: dict[str, Any]) -> None:
    assert unflatten(flatten(document, KEYED), KEYED) == document


@given(PATCHES.map(without_nulls), PATCHES)
def test_merging_is_what_the_rfc_says(document: dict[str, Any], patch: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    merged, change = merge(document, patch, KEYED, flatten(document, KEYED))
    assert merged == naive(document, patch)
    assert document == before
    assert unflatten(applied(flatten(document, KEYED), change), KEYED) == merged


ITEMS = st.dictionaries(
    KEYS,
    st.fixed_dictionaries(
        {},
        optional={
            "text": st.text(alphabet="ab", max_size=3),
            "weight": st.integers(0, 3) | st.none(),
            "meta": st.dictionaries(st.sampled_from(["p", "q"]), st.integers(0, 2), max_size=2),
            "fields": st.lists(st.sampled_from(["f1", "f2"]), unique=True).map(
                lambda keys: [{"name": key} for key in keys]
            ),
        },
    ),
    max_size=4,
)


def as_list(items: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": key} | item for key, item in items.items()]


@given(st.lists(ITEMS, min_size=1, max_size=4))
def test_a_list_replaces_a_keyed_list_in_the_given_order(
    versions: list[dict[str, dict[str, Any]]],
) -> None:
    fields: dict[str, str] = {}
    document: dict[str, Any] = {}
    for items in versions:
        document, change = merge(document, {"sections": as_list(items)}, KEYED, fields)
        fields = applied(fields, change)
        assert unflatten(fields, KEYED) == {"sections": as_list(items)}


@given(ITEMS, st.dictionaries(KEYS, st.none() | ITEMS.map(lambda i: next(iter(i.values()), {}))))
def test_an_object_by_key_merges_item_by_item(
    items: dict[str, dict[str, Any]], patch: dict[str, Any]
) -> None:
    fields = flatten({"sections": as_list(items)}, KEYED)
    start = unflatten(fields, KEYED)
    merged, change = merge(start, {"sections": patch}, KEYED, fields)
    expected = dict(items)
    for key, value in patch.items():
        if value is None:
            expected.pop(key, None)
        else:
            expected[key] = naive(expected.get(key, {}), value)
    assert merged["sections"] == as_list(expected)
    assert unflatten(applied(fields, change), KEYED) == merged


def test_a_new_item_comes_last_and_touches_no_other() -> None:
    fields = flatten({"sections": [{"id": "a"}, {"id": "b"}]}, KEYED)
    _merged, change = merge(
        unflatten(fields, KEYED), {"sections": {"c": {"text": "!"}}}, KEYED, fields
    )
    touched = {path for path, text in change.sets.items() if fields.get(path) != text}
    assert touched == {"sections/c/~p", "sections/c/text"}
    assert not change.deletes


def test_moving_an_item_changes_one_position() -> None:
    fields = flatten({"sections": [{"id": k} for k in "abcd"]}, KEYED)
    moved = [{"id": k} for k in "dabc"]
    _merged, change = merge(unflatten(fields, KEYED), {"sections": moved}, KEYED, fields)
    assert {p for p, text in change.sets.items() if fields.get(p) != text} == {"sections/d/~p"}


def test_an_item_is_renamed_by_its_key_field() -> None:
    start = {"sections": [{"id": "a", "text": "A"}, {"id": "b"}]}
    fields = flatten(start, KEYED)
    merged, change = merge(
        unflatten(fields, KEYED), {"sections": {"a": {"id": "z", "weight": 2}}}, KEYED, fields
    )
    assert merged["sections"] == [{"id": "z", "text": "A", "weight": 2}, {"id": "b"}]
    assert unflatten(applied(fields, change), KEYED) == merged


def test_two_items_can_swap_their_keys() -> None:
    fields = flatten({"sections": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]}, KEYED)
    patch = {"sections": {"a": {"id": "b"}, "b": {"id": "a"}}}
    merged, change = merge(unflatten(fields, KEYED), patch, KEYED, fields)
    assert merged["sections"] == [{"id": "b", "text": "A"}, {"id": "a", "text": "B"}]
    assert unflatten(applied(fields, change), KEYED) == merged


def test_renaming_leaves_alone_what_only_begins_alike() -> None:
    start = {"sections": [{"id": "a", "text": "A"}, {"id": "a0", "text": "B"}]}
    fields = flatten(start, KEYED)
    patch = {"sections": {"a": {"id": "z"}, "a0": {"weight": 2}}}
    merged, change = merge(unflatten(fields, KEYED), patch, KEYED, fields)
    assert merged["sections"] == [{"id": "z", "text": "A"}, {"id": "a0", "text": "B", "weight": 2}]
    assert unflatten(applied(fields, change), KEYED) == merged


MANY = [{"id": f"s{n}", "text": "t", "weight": n, "x": 1, "y": 2, "z": 3} for n in range(1600)]


@pytest.mark.parametrize(
    "patch",
    [
        {f"a{n}": None for n in range(10_000)},
        {"sections": {f"s{n}": None for n in range(10_000)}},
        {"sections": {f"s{n}": {"id": f"r{n}", "text": "new"} for n in range(1600)}},
    ],
    ids=["names that are not there", "items", "renamed items"],
)
def test_a_patch_of_many_places_costs_no_more_than_its_size(patch: dict[str, Any]) -> None:
    fields = flatten({"sections": MANY}, KEYED)
    document = unflatten(fields, KEYED)
    started = time.process_time()
    merge(document, patch, KEYED, fields)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("patch", "reason", "path"),
    [
        ({"sections": [{"text": "x"}]}, "key_missing", "sections.0"),
        ({"sections": ["x"]}, "key_missing", "sections.0"),
        ({"sections": [{"id": 7}]}, "key_missing", "sections.0"),
        ({"sections": [{"id": "a"}, {"id": "a"}]}, "key_repeated", "sections.1"),
        ({"sections": {"a": "x"}}, "item_not_an_object", "sections.a"),
        ({"sections": {"a": {"id": "b"}}}, "key_repeated", "sections"),
        ({"sections": {"a": {"id": None}}}, "key_missing", "sections.a"),
        ({"sections": {"": {}}}, "key_missing", "sections."),
        ({"sections": {"a": {"fields": [{}]}}}, "key_missing", "sections.a.fields.0"),
    ],
)
def test_a_list_without_proper_keys_is_refused(
    patch: dict[str, Any], reason: str, path: str
) -> None:
    fields = flatten({"sections": [{"id": "a"}, {"id": "b"}]}, KEYED)
    with pytest.raises(DocumentError) as refused:
        merge(unflatten(fields, KEYED), patch, KEYED, fields)
    assert (refused.value.reason, refused.value.path) == (reason, path)


@given(
    st.lists(st.integers(0, 30), unique=True), st.dictionaries(st.integers(0, 30), st.integers())
)
@settings(max_examples=200)
def test_positions_always_give_the_asked_order(order: list[int], known: dict[int, int]) -> None:
    keys = [str(number) for number in order]
    placed = positions(keys, {str(key): at for key, at in known.items()})
    assert sorted(keys, key=lambda key: (placed[key], key)) == keys


def test_positions_stay_when_the_order_stays() -> None:
    known = {"a": 5, "b": 5, "c": 9}
    assert positions(["a", "b", "c"], known) == known
    assert positions(["a", "b", "c", "d"], known) == known | {"d": 9 + STEP}


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_a_path_gives_its_names_back(parts: list[str]) -> None:
    path = ""
    for index, name in enumerate(parts):
        path = joined(path, name) if index else joined("", name)
    assert names(path) == parts
    assert dotted(path) == ".".join(parts)


def test_a_place_is_found_through_keyed_lists() -> None:
    document = {"sections": [{"id": "a", "fields": [{"name": "f", "label": "L"}]}]}
    assert value_at(document, "sections/a/fields/f/label", KEYED) == "L"
    assert value_at(document, "sections/a/~p", KEYED) == document["sections"][0]
    assert value_at(document, "sections/z/text", KEYED) is None


def test_leaves_are_json_texts() -> None:
    leaves = flatten({"a": {"b": [1, {"c": None}]}, "d": {}}, KEYED)
    assert {path: orjson.loads(text) for path, text in leaves.items()} == {
        "a/b": [1, {"c": None}],
        "d/~o": 1,
    }
