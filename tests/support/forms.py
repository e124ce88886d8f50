"""What a browser would send for a page's forms: their hidden fields, their buttons."""

from __future__ import annotations

from html.parser import HTMLParser


class Forms(HTMLParser):
    """``sent`` is, by the words of each button that submits a form, what pressing it sends beside
    what a person types: the form's fields that hold something, and the button's own name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, dict[str, str]] = {}
        self._fields: dict[str, str] = {}
        self._button: dict[str, str | None] | None = None
        self._words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._fields = {}
        elif tag == "input" and given.get("name") and given.get("value"):
            self._fields[str(given["name"])] = str(given["value"])
        elif tag == "button" and given.get("type") == "submit":
            self._button, self._words = given, ""

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag != "button" or self._button is None:
            return
        name, value = self._button.get("name"), self._button.get("value")
        own = {name: value or ""} if name else {}
        self.sent[self._words.strip()] = {**self._fields, **own}
        self._button = None
