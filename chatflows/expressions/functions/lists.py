"""Functions of lists and objects."""

from __future__ import annotations

from itertools import chain, islice
from typing import Any

from chatflows.expressions import values
from chatflows.expressions.functions.function import function
from chatflows.expressions.functions.given import as_list, as_object, as_whole
from chatflows.expressions.values import UnfitError, as_number, as_text


@function('length("abc")', "How many characters, items or keys.")
def length(value: Any) -> int:
    if value is None:
        return 0
    return len(value if isinstance(value, (list, tuple, dict)) else as_text(value))


@function('join(["a", "b"], ", ")', "The items one after the other, as a text.")
def join(items: Any, separator: Any = ", ") -> str:
    texts, between = [as_text(item) for item in as_list(items)], as_text(separator)
    if sum(map(len, texts)) + len(between) * len(texts) > values.LONGEST_TEXT:
        raise UnfitError(f"the text would be longer than {values.LONGEST_TEXT:,} characters")
    return between.join(texts)


@function("concat([1], [2, 3])", "The items of several lists, one list after the other.")
def concat(*lists: Any) -> list[Any]:
    whole = map(as_list, lists)
    return values.bounded(list(islice(chain.from_iterable(whole), values.LONGEST_LIST + 1)))


@function("range(1, 4)", "Whole numbers from one up to before another: [1, 2, 3].")
def range_(start: Any, end: Any, step: Any = 1) -> list[int]:
    by = as_whole(step)
    if not by:
        raise UnfitError("the step between two numbers cannot be 0")
    found = range(as_whole(start), as_whole(end), by)
    if len(found) > values.LONGEST_LIST:
        raise UnfitError(f"the list would be longer than {values.LONGEST_LIST:,} items")
    return list(found)


@function('first(["a", "b"])', "The first item; nothing of an empty list.")
def first(items: Any) -> Any:
    return next(iter(as_list(items)), None)


@function('last(["a", "b"])', "The last item; nothing of an empty list.")
def last(items: Any) -> Any:
    found = as_list(items)
    return found[-1] if found else None


@function('slice("abcdef", 0, 3)', "From one place to before another, of a text or a list.")
def slice_(value: Any, start: Any, end: Any = None) -> Any:
    until = None if end is None else as_whole(end)
    whole = value if isinstance(value, (list, tuple)) else as_text(value)
    found = whole[as_whole(start) : until]
    return found if isinstance(found, str) else list(found)


@function("reverse([1, 2])", "The other way round, a text or a list.")
def reverse(value: Any) -> Any:
    return list(reversed(value)) if isinstance(value, (list, tuple)) else as_text(value)[::-1]


@function("sort([3, 1])", "By size, or by letters where not all are numbers.")
def sort(items: Any) -> list[Any]:
    found = as_list(items)
    try:
        return sorted(found, key=as_number)
    except UnfitError:
        return sorted(found, key=as_text)


@function("unique([1, 1, 2])", "Without repetitions.")
def unique(items: Any) -> list[Any]:
    found: dict[tuple[type, str], Any] = {}
    for item in as_list(items):
        found.setdefault((type(item), as_text(item)), item)
    return list(found.values())


@function('pluck(kb.results, "title")', "What each object of a list has under a key.")
def pluck(items: Any, key: Any) -> list[Any]:
    name = as_text(key)
    return [item.get(name) if isinstance(item, dict) else None for item in as_list(items)]


@function('where(list, "status", "open")', "Those objects of a list that have a value under a key.")
def where(items: Any, key: Any, value: Any) -> list[Any]:
    name = as_text(key)
    return [
        item
        for item in as_list(items)
        if isinstance(item, dict) and values.are_equal(item.get(name), value)
    ]


@function("keys(object)", "The keys of an object.")
def keys(value: Any) -> list[str]:
    return list(as_object(value))
