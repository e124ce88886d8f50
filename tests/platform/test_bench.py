"""The benchmark claims nothing that it did not measure."""

from __future__ import annotations

import pytest

from bench.builder import Times


@pytest.mark.parametrize(
    ("took", "said"), [([], "nothing measured"), ([3.0], "held"), ([300.0], "missed")]
)
def test_no_measurement_holds_no_goal(
    took: list[float], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Times.of("a key", took, 100).show()
    assert capsys.readouterr().out.strip().endswith(said)
