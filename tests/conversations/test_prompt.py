"""Names in a prompt: what is found in it is what is filled in."""

import pytest

from conversations.prompt import names_in, render, with_names


def test_names_are_found_once_and_in_order() -> None:
    assert names_in("{{b}} {{ a }} {{b}} {c} {{7*7}} {{a.b}}") == ("b", "a")


def test_the_short_form_is_found_when_it_is_asked_for() -> None:
    assert names_in('{c} {{a}} {c} {"json": 1}', single=True) == ("c", "a")


def test_other_names_are_written_as_the_old_ones_were() -> None:
    template = "{{a}} {{ a }} {a} {{ab}} {{{a}}} {{b}} {c}"
    names = {"a": "b", "b": "a"}
    assert with_names(template, names) == "{{b}} {{ b }} {b} {{ab}} {{{a}}} {{a}} {c}"


@pytest.mark.parametrize("template", ["{{{x}}}", "{{{x}}", "{{x}}}", "{x}}", "{{x}", "{ x }"])
def test_somebody_else_s_syntax_is_neither_found_nor_filled_in(template: str) -> None:
    assert names_in(template, single=True) == ()
    assert render(template, {"x": "filled in"}) == template
