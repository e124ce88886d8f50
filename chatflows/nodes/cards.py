"""What a response shows besides its words: cards, and buttons that open an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, Field

from chatflows.executor.node import TemplateText
from common.schema import Schema
from common.words import gettext as _
from conversations.escaping import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONGEST_URL = 2000


def no_address() -> str:
    return _("Give an address that begins with https://")


def _https(text: str) -> str:
    """An address, or a template that comes to one."""
    if text and "{{" not in text and not address_of(text):
        raise ValueError(no_address())
    return text


Address = Annotated[TemplateText, AfterValidator(_https)]


class Card(Schema):
    title: TemplateText = Field(min_length=1, max_length=200, title="Title")
    text: TemplateText = Field(default="", max_length=1000, title="Text")
    image_url: Address = Field(default="", max_length=LONGEST_URL, title="Picture's address")
    link_label: TemplateText = Field(default="", max_length=80, title="Link")
    link_url: Address = Field(default="", max_length=LONGEST_URL, title="Link's address")


class Link(Schema):
    label: TemplateText = Field(min_length=1, max_length=80, title="Label")
    url: Address = Field(min_length=1, max_length=LONGEST_URL, title="Address")


def address_of(text: str) -> str:
    """``text`` as the address of a page that a click may lead to; empty where it is none. Blanks
    that a visitor's words brought into it are encoded."""
    found = text.strip().replace(" ", "%20")
    if re.search(r"[\x00-\x20\x7f\\]", found):
        return ""
    try:
        parts = urlsplit(found)
        named = parts.scheme.lower() == "https" and parts.hostname and parts.username is None
    except ValueError:
        return ""
    return found if named and len(found) <= LONGEST_URL else ""


def in_markdown(cards: Iterable[Mapping[str, Any]], links: Iterable[Mapping[str, str]]) -> str:
    """Cards and links for where there is nothing but text. A card is a quotation that begins with
    its title, by which our own widget knows it."""
    written = [_card(each) for each in cards]
    buttons = "\n".join(_link(each["label"], each["url"]) for each in links)
    return "\n\n".join([*written, *([buttons] if buttons else [])])


def _card(card: Mapping[str, Any]) -> str:
    link = card["link"]
    lines = [
        f"**{_line(card['title'])}**",
        *(_line(each) for each in card["text"].splitlines() if each.strip()),
        _link(link["label"], link["url"]) if link else "",
        _link(_("Picture"), card["image_url"]) if card["image_url"] else "",
    ]
    return "\n".join(f"> {line}" for line in lines if line)


def _line(text: str) -> str:
    return escaped(" ".join(text.split()), "")


def _link(label: str, url: str) -> str:
    # A bracket would end the address.
    return f"[{_line(label)}]({quote(url, safe=':/?#@!$&+,;=%~')})"
