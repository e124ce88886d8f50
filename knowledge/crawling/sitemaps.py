"""Sitemaps: lists of a site's pages, and lists of such lists (sitemaps.org)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError as XmlError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from common.compression import GZIP, ExcessError, inflated
from knowledge.crawling.errors import PageError

if TYPE_CHECKING:
    from knowledge.crawling.fetching import Answer

TYPES = frozenset(
    {
        *("application/xml", "text/xml", "application/gzip", "application/x-gzip"),
        "application/octet-stream",
    }
)
MOST_PAGES = 50_000
# Each costs hundreds of bytes of memory, however short it is.
MOST_TAGS = 1_000_000


@dataclass(frozen=True)
class Sitemap:
    """Addresses of pages, and of further sitemaps."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def is_sitemap(answer: Answer) -> bool:
    """Whether an answer is meant as one."""
    if answer.body.startswith(GZIP):
        return True
    return answer.type in {"application/xml", "text/xml"}


def parsed(body: bytes, most: int) -> Sitemap:
    """What a sitemap lists. ``body`` may be compressed; ``most`` bytes of it are read. Raises
    ``PageError``."""
    try:
        root = fromstring(_bounded(inflated(body, most)), forbid_dtd=True)
    except ExcessError:
        raise _wrong(_("The sitemap is too large.")) from None
    except DefusedXmlException:
        raise _wrong(_("The sitemap defines entities, which is not safe to read.")) from None
    except (XmlError, zlib.error, ValueError, LookupError):
        raise _wrong(_("The sitemap is not valid XML.")) from None
    kind = root.tag.rpartition("}")[2]
    if kind not in {"urlset", "sitemapindex"}:
        raise _wrong(_("This is XML, but not a sitemap."))
    found = tuple(
        (loc.text or "").strip()
        for entry in root
        for loc in entry
        if loc.tag.rpartition("}")[2] == "loc"
    )[:MOST_PAGES]
    return Sitemap(pages=found) if kind == "urlset" else Sitemap(sitemaps=found)


def _bounded(xml: bytes) -> bytes:
    if xml.count(b"<") > MOST_TAGS:
        raise ExcessError
    return xml


def _wrong(reason: str) -> PageError:
    return PageError(reason, _("Enter the address of a page instead."))
