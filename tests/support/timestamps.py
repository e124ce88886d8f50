"""How the API writes a point in time."""

from __future__ import annotations

import re

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
