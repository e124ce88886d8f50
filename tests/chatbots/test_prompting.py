"""The names that a prompt refers to are found in both forms."""

from chatbots.prompting import mentioned, placeholders


def test_names_are_found_once_and_in_order() -> None:
    assert placeholders("{{b}} {{ a }} {{b}} {c} {{7*7}} {{a.b}}") == ("b", "a")


def test_the_short_form_counts_for_declared_names_only() -> None:
    assert mentioned('{c} {{a}} {e} {"json": 1}', ["a", "c", "d", "json"]) == {"a", "c"}
