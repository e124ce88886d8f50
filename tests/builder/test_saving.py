"""What the builder's script posts, and what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builder.screen import state

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builder.screen import Screen
    from workspaces.access import Actor

    Open = Callable[[Actor], Screen]


def test_only_the_changed_fields_are_saved(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    answer = mine.save(name="Robbie", speed="0.3")

    assert answer.status_code == 200
    assert mine.data == {"name": "Robbie", "prompt": "Hello", "speed": 0.3}
    assert state(answer)["patch_id"] == "p"
    assert answer["ETag"] == f'"{mine.version}"' == f'"{state(answer)["version"]}"'


def test_the_answer_holds_no_form(screen: Open, alice: Actor) -> None:
    answer = screen(alice).save(name="Robbie").content.decode()
    assert "step-form" not in answer
    for target in ("#steps", "#problems", "#chip"):
        assert f'hx-target="{target}"' in answer


def test_unchecked_boxes_and_emptied_lists_are_changes(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.save(limits__enabled="on", colors=["red", "green"], prompts=["One", " ", "Two"])
    assert mine.data["limits"] == {"enabled": True}
    assert mine.data["colors"] == ["red", "green"]
    assert mine.data["prompts"] == ["One", "Two"]

    mine.save(limits__enabled=None, colors=None, prompts=None, patch_id="q")
    assert mine.data["limits"] == {"enabled": False}
    assert mine.data["colors"] == mine.data["prompts"] == []


def test_text_is_kept_to_the_letter(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.save("prompt", prompt="  Hi \r\n\r\nthere ")
    assert mine.data["prompt"] == "  Hi \n\nthere "


def test_an_emptied_number_falls_back_to_the_default(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.save(speed="0.3")
    mine.save(speed="", patch_id="q")
    assert "speed" not in mine.data
    assert 'value="0.7"' in mine.get().content.decode()


def test_a_wrong_type_is_refused_and_the_rest_is_saved(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    answer = mine.save(name="Robbie", speed="hot")

    assert answer.status_code == 422
    assert state(answer)["rejected"] == {"speed": "Enter a number."}
    assert mine.data["name"] == "Robbie"
    assert "speed" not in mine.data


def test_what_the_draft_machine_refuses_is_told_at_the_field(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    secret = "sk-proj-" + "a1B2c3D4" * 6
    answer = mine.save(name="Robbie", notes=secret)

    assert answer.status_code == 422
    assert list(state(answer)["rejected"]) == ["notes"]
    assert secret not in answer.content.decode()
    assert mine.data["name"] == "Robbie"


def test_an_unknown_field_is_refused(screen: Open, alice: Actor) -> None:
    answer = screen(alice).save(speeed="1")
    assert answer.status_code == 422
    assert "speeed" in state(answer)["rejected"]


def test_the_same_save_twice_changes_nothing_twice(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    first = state(mine.save(name="Robbie", base=1))
    again = state(mine.save(name="Robbie", base=1))
    assert first["version"] == again["version"] == mine.version


def test_a_rename_that_is_sent_again_is_as_done_as_the_first_time(
    screen: Open, alice: Actor
) -> None:
    mine = screen(alice)
    mine.patch(alice, {"places": {"attic": {"label": "Up there"}}})
    sent = {"places__attic__name": "loft", "places__attic__label": "Above"}
    first = mine.save("places", base=mine.version, **sent)
    again = mine.save("places", base=mine.version - 1, **sent)
    assert [first.status_code, again.status_code] == [200, 200]
    assert state(again)["rejected"] == {}
    assert state(again)["renamed"] == [["places.attic", "places.loft"]]

    # Also when nothing is known any more of the first time.
    late = mine.save("places", patch_id="another", places__attic__name="loft")
    assert state(late)["rejected"] == {}
    assert mine.data["places"] == [{"name": "loft", "label": "Above"}]


def test_a_name_that_is_taken_is_refused(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.patch(alice, {"places": {"attic": {}, "loft": {}}})
    answer = mine.save("places", places__attic__name="loft")
    assert list(state(answer)["rejected"]) == ["places.attic.name"]


def test_changes_of_others_to_other_fields_come_with_the_answer(
    screen: Open, alice: Actor, bob: Actor
) -> None:
    mine = screen(alice)
    base = mine.version
    mine.patch(bob, {"mode": "fast"})
    answer = mine.save(name="Robbie", base=base)

    assert answer.status_code == 200
    assert state(answer)["values"] == {"mode": "fast"}
    assert state(answer)["paths"] == ["mode"]
    assert mine.data["mode"] == "fast"


def test_a_true_conflict_writes_nothing_and_shows_both(
    screen: Open, alice: Actor, bob: Actor
) -> None:
    mine = screen(alice)
    base = mine.version
    mine.patch(bob, {"name": "Bender"})
    answer = mine.save(name="Robbie", speed="0.3", base=base)

    assert answer.status_code == 409
    [conflict] = state(answer)["conflicts"]
    assert (conflict["path"], conflict["yours"], conflict["theirs"]) == (
        "name",
        "Robbie",
        "Bender",
    )
    assert conflict["by"] == bob.label
    assert "Bender" in answer.content.decode()
    assert mine.data["name"] == "Bender"
    assert "speed" not in mine.data


def test_problems_of_the_sent_fields_come_back(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    answer = mine.save(name="")
    assert state(answer)["issues"]["name"]
    assert '<span class="count" data-tone="red">1</span>' in answer.content.decode()
    assert state(mine.save(name="Robbie", patch_id="q"))["issues"]["name"] == ""


def test_too_large_is_said(screen: Open, alice: Actor) -> None:
    assert screen(alice).save(notes="x" * 1_200_000).status_code == 413


def test_a_viewer_may_look_and_not_touch(screen: Open, vera: Actor) -> None:
    theirs = screen(vera)
    assert theirs.get().status_code == 200
    answer = theirs.save(name="Robbie")
    assert answer.status_code == 403
    assert answer["X-Role"] == "viewer"


def test_somebody_signed_out_is_told_so(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.client.logout()
    answer = mine.save(name="Robbie")
    assert answer.status_code == 401
    assert answer["HX-Trigger"] == "auth:required"


def test_a_stranger_finds_nothing(screen: Open, alice: Actor, mallory: Actor) -> None:
    mine, hers = screen(alice), screen(mallory)
    assert hers.client.get(mine.base + "basics/").status_code == 404
    assert hers.get().status_code == 404
    assert hers.save(name="Mine now").status_code == 404


def test_each_row_of_a_list_says_what_it_is(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.save(prompts=["Opening hours"])
    assert 'aria-label="Prompts 1"' in mine.get().content.decode()
