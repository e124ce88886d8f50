"""PDFs written by hand, as small as they can be, right and wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Put:
    """A line of text on a page."""

    x: float
    y: float
    text: str
    size: float = 12


def pdf(*pages: list[Put], title: str = "", count: int | None = None, kids: str = "") -> bytes:
    """A PDF of these pages. ``count`` and ``kids`` lie about them."""
    first = 5
    numbers = [first + 2 * index for index in range(len(pages))]
    kids = kids or " ".join(f"{number} 0 R" for number in numbers)
    said = len(pages) if count is None else count
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {said} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
        4: f"<< /Title ({title}) >>".encode(),
    }
    for number, lines in zip(numbers, pages, strict=True):
        drawn = b"\n".join(_drawn(line) for line in lines)
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {number + 1} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>"
        ).encode()
        objects[number + 1] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)
    return written(objects)


def written(objects: dict[int, bytes]) -> bytes:
    """The objects with a table of where they are."""
    raw, places = b"%PDF-1.4\n", {}
    for number, content in objects.items():
        places[number] = len(raw)
        raw += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    last = max(objects) + 1
    return raw + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n"
        b"<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    ) % (last, table, last, len(raw))


def lines(*texts: str, x: float = 72, y: float = 720, step: float = 14) -> list[Put]:
    """One below the other."""
    return [Put(x, y - step * index, text) for index, text in enumerate(texts)]


def _drawn(line: Put) -> bytes:
    text = line.text.encode("cp1252")
    for each in (b"\\", b"(", b")"):
        text = text.replace(each, b"\\" + each)
    return b"BT /F %g Tf %g %g Td (%s) Tj ET" % (line.size, line.x, line.y, text)
