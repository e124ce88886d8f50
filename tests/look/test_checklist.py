"""The table of the interface's checklist names tests that are there."""

from __future__ import annotations

import re

from django.conf import settings

ROOT = settings.BASE_DIR
NUMBERS = {*range(1, 31), 33}


def test_every_test_that_it_names_is_there() -> None:
    table = (ROOT / "tests" / "CHECKLIST.md").read_text()
    rows = [line for line in table.splitlines() if re.match(r"\| \d", line)]
    missing = []
    for row in rows:
        file = ""
        for named in re.findall(r"`([\w/]*(?:\.py)?)::(\w+)`", row):
            file = named[0] or file
            if f"def {named[1]}(" not in (ROOT / "tests" / file).read_text():
                missing.append(f"{file}::{named[1]}")
    assert missing == []
    assert {int(row.split()[1]) for row in rows} == NUMBERS
