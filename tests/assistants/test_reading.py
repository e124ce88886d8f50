"""Reading a document of a draft, whatever is wrong with it."""

from __future__ import annotations

from assistants.reading import read
from common.schema import Schema


class Filter(Schema):
    tags: tuple[str, ...] = ()


class Item(Schema):
    name: str = ""
    only: Filter = Filter()


class Shelf(Schema):
    color: str = "red"
    items: tuple[Item, ...] = ()


def test_only_the_faulty_value_takes_its_default() -> None:
    shelf = read(Shelf, {"color": 7, "items": [{"name": "a"}, {"name": 1}], "unknown": True})
    assert shelf == Shelf(items=(Item(name="a"), Item()))


def test_a_kind_says_what_goes_for_the_sake_of_a_value() -> None:
    def whole_item(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
        return location[:2] if "only" in location else location

    faulty = {"items": [{"name": "a", "only": {"tags": "x"}}, {"name": "b"}]}
    assert read(Shelf, faulty, whole_item) == Shelf(items=(Item(name="b"),))


def test_what_was_given_is_not_changed() -> None:
    given = {"color": 7}
    read(Shelf, given)
    assert given == {"color": 7}
