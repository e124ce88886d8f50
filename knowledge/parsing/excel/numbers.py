"""Numbers of a workbook as people see them: dates, times, percentages, or plain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from knowledge.parsing.xml_guard import attribute, child, local_name

if TYPE_CHECKING:
    from knowledge.parsing.xml_guard import Element

# Formats that every program knows by their number alone, of East Asia too.
DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
PERCENTAGES = frozenset({9, 10})

# What a format shows as it is written, and its colours and conditions; elapsed hours are times.
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
DATE_PART = re.compile(r"[dmyhs]|[年月日时時分秒]", re.IGNORECASE)

# Day 60 is the 29th of February 1900, which never was; from then on this is day 0.
# Sheets know no time zones; this one is never shown.
EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
EPOCH_1904 = datetime(1904, 1, 1, tzinfo=UTC)
MAX_DAY = 2_958_465
# As many digits as Excel keeps: the rest is noise of the binary number.
DIGITS = 15


@dataclass(frozen=True)
class Numbers:
    """``kinds`` is what each style of cells shows numbers as."""

    kinds: tuple[str, ...] = ()
    epoch: datetime = EPOCH

    def shown(self, value: str, style: str) -> str:
        kind = self.kinds[int(style)] if style.isdecimal() and int(style) < len(self.kinds) else ""
        try:
            number = float(value)
        except ValueError:
            return value
        if kind == "date" and 0 <= number <= MAX_DAY:
            return _date(number, self.epoch)
        if kind == "percentage":
            return f"{_plain(number * 100)}%"
        return _plain(number)


def numbers(styles: Element | None, workbook: Element) -> Numbers:
    properties = child(workbook, "workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
    epoch = EPOCH_1904 if since_1904 else EPOCH
    if styles is None:
        return Numbers(epoch=epoch)
    custom = {
        attribute(element, "numFmtId"): _kind(attribute(element, "formatCode"))
        for element in _children(styles, "numFmts")
    }
    ids = [attribute(element, "numFmtId") for element in _children(styles, "cellXfs")]
    return Numbers(tuple(custom.get(each) or _usual_kind(each) for each in ids), epoch)


def _children(root: Element, name: str) -> list[Element]:
    found = child(root, name)
    return [] if found is None else [one for one in found if local_name(one)]


def _usual_kind(number: str) -> str:
    if not number.isdecimal():
        return ""
    if int(number) in DATES:
        return "date"
    return "percentage" if int(number) in PERCENTAGES else ""


def _kind(code: str) -> str:
    shown = LITERAL.sub("", code.split(";", maxsplit=1)[0])
    if "general" in shown.casefold():
        return ""
    if DATE_PART.search(shown):
        return "date"
    return "percentage" if "%" in shown else ""


def _date(number: float, epoch: datetime) -> str:
    moment = epoch + timedelta(seconds=round(number * 86_400))
    if number < 1:
        return f"{moment:%H:%M:%S}".removesuffix(":00")
    if moment.time() == time.min:
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def _plain(number: float) -> str:
    text = f"{number:.{DIGITS}g}"
    return f"{number:.0f}" if number.is_integer() and "e" not in text else text
