"""What the documentation says of webhooks is so."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from common import webhook_signature
from webhooks.events import NAMES
from webhooks.sending import schedule

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (settings.BASE_DIR / "docs" / "webhooks.md").read_text()
BODY = '{"id": "evt_1", "text": "Grüße"}'.encode()
SECRET = webhook_signature.new_secret()


def signed(seconds_ago: int = 0) -> dict[str, str]:
    return webhook_signature.signed_headers(SECRET, "evt_1", time.time() - seconds_ago, BODY)


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


def test_its_python_tells_what_is_ours() -> None:
    names: dict[str, Any] = {}
    exec(block("python"), names)
    is_ours = names["is_ours"]
    assert is_ours(SECRET, signed(), BODY)
    assert not is_ours(SECRET, signed(), BODY + b" ")
    assert not is_ours(webhook_signature.new_secret(), signed(), BODY)
    assert not is_ours(SECRET, signed(seconds_ago=301), BODY)


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node")
def test_its_javascript_tells_what_is_ours(tmp_path: Path) -> None:
    cases = [
        (SECRET, signed(), BODY),
        (SECRET, signed(), BODY + b" "),
        (webhook_signature.new_secret(), signed(), BODY),
        (SECRET, signed(seconds_ago=301), BODY),
    ]
    given = json.dumps([(secret, headers, body.hex()) for secret, headers, body in cases])
    asked = f"""
for (const [secret, headers, body] of {given})
  console.log(isOurs(secret, headers, Buffer.from(body, "hex")));
"""
    script = tmp_path / "ours.mjs"
    script.write_text(block("js") + asked)
    ran = subprocess.run(["node", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["true", "false", "false", "false"]


def test_it_names_every_event() -> None:
    listed = re.findall(r"^\| `([a-z]+\.[a-z]+)` \| (?:a|when)", TEXT, re.MULTILINE)
    assert sorted(listed) == sorted(NAMES)


def test_it_tells_when_events_are_sent_again() -> None:
    waits = [round(each.total_seconds()) for each in schedule.WAITS]
    hours = [each // 3600 for each in waits[3:]]
    assert waits[:3] == [5, 300, 1800]
    *most, last = map(str, hours)
    words = f"after 5 seconds, 5 and 30 minutes, and {', '.join(most)} and {last} hours"
    assert words in TEXT
