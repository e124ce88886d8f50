"""Which configuration reads a text, and what is put before the database."""

from __future__ import annotations

import pytest

from knowledge.languages import detect, searchable

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "configuration"),
    [
        (
            "You can send the parcel back within two weeks, and we will pay the money back.",
            "english",
        ),
        ("Sie können das Paket innerhalb von zwei Wochen zurückschicken.", "german"),
        ("Vous pouvez renvoyer le colis dans un délai de deux semaines.", "french"),
        ("Puede devolver el paquete en un plazo de dos semanas.", "spanish"),
        ("Вы можете вернуть посылку в течение двух недель.", "russian"),
        ("荷物は二週間以内に返送することができます。", "simple"),
        ("包裹可以在两周内退回。", "simple"),
        ("PX-4000 12/44 #7", "english"),
        ("", "english"),
        ("\ud800\0", "english"),
    ],
)
def test_detect(text: str, configuration: str) -> None:
    assert detect(text) == configuration


def test_searchable() -> None:
    assert searchable("Plain text, 한국어 too") == "Plain text, 한국어 too"
    assert searchable("東京都").split() == ["東京", "京都"]
    assert searchable("in 日 out").split() == ["in", "日", "out"]
    assert searchable("a\0b\ud800c") == "a b c"
    assert len(searchable("x" * 10_000_000)) <= 200_000
