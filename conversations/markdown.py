"""What was said as HTML that cannot do anything; Markdown is rendered first, then sanitised.

No raw HTML, no images (an image's address can carry data away), links only to the web and to mail.
"""

from __future__ import annotations

from html import unescape

import nh3
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from conversations.turn import LONGEST_ANSWER

TAGS = frozenset(
    {
        *("a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr"),
    }
)
SCHEMES = frozenset({"https", "http", "mailto"})
_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20, "breaks": True})
    .enable(["table", "strikethrough"])
    .disable(["image"])
)
_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes=set(SCHEMES),
    link_rel="noopener noreferrer nofollow ugc",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)


def rendered(text: str) -> SafeString:
    """``text`` as sanitised HTML; what is longer than a message may be is cut."""
    return sanitised(_markdown.render(text[:LONGEST_ANSWER]))


def sanitised(html: str) -> SafeString:
    """``html`` without anything that could do something."""
    return mark_safe(_cleaner.clean(html))  # noqa: S308 (sanitised in this very line)


def words_of(text: str) -> str:
    """``text`` on one line and without its Markdown, for where there is no markup at all."""
    return " ".join(unescape(strip_tags(rendered(text))).split())


def plain(text: str) -> SafeString:
    """``text`` as it was typed, with its paragraphs and line breaks."""
    return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 (escaped in this very line)
