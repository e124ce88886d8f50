"""Which variable tells the same as a field of the lead form."""

from __future__ import annotations

from typing import Any

import pytest

from assistants.schema import Variable
from assistants.told_before import told_by

ASKED: dict[str, Any] = {"collect_before_chat": True}


@pytest.mark.parametrize(
    ("field", "variables", "found"),
    [
        ("name", [{"name": "order_id"}, {"name": "user_name"}], "user_name"),
        ("name", [{"name": "Full_Name"}], "Full_Name"),
        ("name", [{"name": "company_name"}, {"name": "product_name"}], ""),
        ("company", [{"name": "company_name"}], "company_name"),
        ("website", [{"name": "page", "type": "url"}, {"name": "your_website"}], "your_website"),
        ("email", [{"name": "reach", "type": "email"}], "reach"),
        ("email", [{"name": "reach", "type": "email"}, {"name": "email"}], "email"),
        ("phone", [{"name": "cell", "type": "phone"}, {"name": "age", "type": "number"}], "cell"),
        # What is not asked of the visitor tells of somebody else.
        ("email", [{"name": "email", "type": "email", "collect_before_chat": False}], ""),
    ],
)
def test_a_variable_is_known_by_its_name_or_type(
    field: str, variables: list[dict[str, Any]], found: str
) -> None:
    assert told_by(field, [Variable(**ASKED | each) for each in variables]) == found
