"""Functions of texts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from chatflows.expressions import values
from chatflows.expressions.functions.function import function
from chatflows.expressions.functions.given import as_whole
from chatflows.expressions.values import UnfitError, as_text, bounded


@function('upper("ab")', "In capital letters.")
def upper(text: Any) -> str:
    return bounded(as_text(text).upper())


@function('lower("AB")', "In small letters.")
def lower(text: Any) -> str:
    return bounded(as_text(text).lower())


@function('trim("  a ")', "Without the blanks around it.")
def trim(text: Any) -> str:
    return as_text(text).strip()


@function('replace("a-b", "-", " ")', "With another text in the place of each occurrence.")
def replace(text: Any, old: Any, new: Any) -> str:
    whole, out, into = as_text(text), as_text(old), as_text(new)
    if not out:
        return whole
    size = len(whole) + whole.count(out) * (len(into) - len(out))
    if size > values.LONGEST_TEXT:
        raise UnfitError(f"the text would be longer than {values.LONGEST_TEXT:,} characters")
    return whole.replace(out, into)


@function('split("a, b", ",")', "The parts between a separator, without the blanks around them.")
def split(text: Any, separator: Any = ",") -> list[str]:
    by = as_text(separator)
    whole = as_text(text)
    if not whole:
        return []
    most = values.LONGEST_LIST
    parts = whole.split(by, most) if by else list(whole[: most + 1])
    return bounded([part.strip() for part in parts])


@function('truncate("abcdef", 4)', "At most that many characters; one that is cut ends with …")
def truncate(text: Any, length: Any) -> str:
    whole, most = as_text(text), as_whole(length)
    if len(whole) <= most:
        return whole
    return whole[: most - 1] + "…" if most > 0 else ""


@function('starts_with("abc", "a")', "Whether a text begins so.")
def starts_with(text: Any, beginning: Any) -> bool:
    return as_text(text).startswith(as_text(beginning))


@function('ends_with("abc", "c")', "Whether a text ends so.")
def ends_with(text: Any, end: Any) -> bool:
    return as_text(text).endswith(as_text(end))


@function('contains("abc", "b")', "Whether a text contains another, or a list an item.")
def contains(container: Any, item: Any) -> bool:
    return values.is_in(item, container)


@function('url_encode("a b")', "As it stands in an address.")
def url_encode(text: Any) -> str:
    return bounded(quote(bounded(as_text(text)), safe=""))
