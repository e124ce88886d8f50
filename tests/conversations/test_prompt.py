"""Names in a prompt: what is found in it is what is filled in."""

import pytest

from conversations.prompt import compose, names_in, render, with_names
from conversations.turn import Turn, Utterance


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


def test_what_was_said_before_the_visitor_s_first_message_is_in_the_instructions() -> None:
    said = (Utterance("assistant", "Shall I show you prices?"),)
    system, question = compose("Be kind.", Turn("Yes", said))
    assert system.content.startswith("Be kind.\n\nYou began this conversation")
    assert "Shall I show you prices?" in system.content
    assert (question.role, question.content) == ("user", "Yes")
    later = (*said, Utterance("user", "Yes"), Utterance("assistant", "Here."))
    assert compose("Be kind.", Turn("Thanks", later))[0].content == "Be kind."
