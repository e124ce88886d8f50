"""Two people at one canvas, and a canvas of two hundred nodes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from drafts import creating
from drafts.access import open_draft
from drafts.types import draft_types
from tests.browser.actors import Builder
from tests.chatflows.test_long_flows import flow_of
from tests.support.browser import TIMEOUT_MS, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from drafts.draft import Draft
    from tests.support.live import Live
    from workspaces.access import Actor

NODES, ACROSS = 200, 15
FRAMES = 24
# Until what somebody else did is seen, on a machine that is busy.
SEEN_MS = 20_000
# What is written into the page while a node is dragged: by which node or edge, and how often.
WATCH = """() => {
  const written = window.__written = {};
  const note = ({target}) => {
    const element = target.nodeType === 1 ? target : target.parentElement;
    const of = element.closest(".react-flow__node, .react-flow__edge");
    const name = of?.dataset.id ?? (element.closest(".react-flow__minimap") ? "map" : "other");
    written[name] = (written[name] ?? 0) + 1;
  };
  new MutationObserver((all) => all.forEach(note)).observe(
    document.querySelector(".canvas-root"),
    {subtree: true, childList: true, characterData: true, attributes: true});
}"""
FOCUSED = "() => document.activeElement.closest('.react-flow__node')?.dataset.id"
NEXT_FRAME = "() => new Promise((next) => requestAnimationFrame(() => setTimeout(next)))"


class Seat(Builder):
    """One person's window on the Workflow step."""

    def node(self, node_id: str) -> Locator:
        return self.page.locator(f'.react-flow__node[data-id="{node_id}"]')

    def set(self, node_id: str, setting: str, value: str) -> None:
        self.node(node_id).click()
        self.page.locator(f'#inspector [name="nodes.{node_id}.data.{setting}"]').fill(value)

    def add_after(self, node_id: str, kind: str) -> None:
        self.node(node_id).focus()
        self.page.keyboard.press("a")
        self.page.get_by_role("option", name=kind).first.click()

    def place(self, node_id: str) -> str:
        return str(self.node(node_id).evaluate("(node) => node.style.transform"))


def spread(nodes: int) -> dict[str, Any]:
    """A chain of so many models' nodes, in rows."""
    flow = flow_of(nodes - 2)
    for number, node in enumerate(flow["nodes"]):
        row, column = divmod(number, ACROSS)
        node["position"] = {"x": column * 340, "y": row * 140}
    return flow


@pytest.fixture
def seats(browser: Browser, live: Live, alice: Actor, bob: Actor) -> Iterator[dict[str, Page]]:
    pages = {}
    for name, actor in (("alice", alice), ("bob", bob)):
        context = browser.new_context(
            base_url=live.url, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
        )
        context.set_default_timeout(TIMEOUT_MS)
        sign_in(context, live, actor)
        pages[name] = context.new_page()
    yield pages
    for page in pages.values():
        page.context.close()


def drawn(actor: Actor, flow: dict[str, Any]) -> Draft:
    return creating.create(actor, draft_types.get("chatflow"), flow)


def address(actor: Actor, draft: Draft) -> str:
    return f"/w/{actor.workspace.slug}/chatflows/draft/{draft.id}/workflow/"


def test_two_people_draw_one_flow_and_lose_nothing(
    seats: dict[str, Page], alice: Actor, bob: Actor
) -> None:
    draft = drawn(alice, spread(4))
    ours, theirs = Seat(seats["alice"]), Seat(seats["bob"])
    for seat in (ours, theirs):
        seat.page.goto(address(alice, draft))
        expect(seat.node("end")).to_be_visible()

    ours.set("m0", "label", "From Alice")
    theirs.set("end", "message", "From Bob")
    for seat in (ours, theirs):
        expect(seat.node("m0")).to_contain_text("From Alice", timeout=SEEN_MS)
        expect(seat.node("end")).to_contain_text("From Bob", timeout=SEEN_MS)
    assert ours.page.locator('#inspector [name="nodes.m0.data.label"]').input_value()

    before = ours.place("m0"), ours.place("end")
    ours.node("m0").focus()
    ours.page.keyboard.press("Alt+ArrowDown")
    theirs.node("end").focus()
    theirs.page.keyboard.press("Alt+ArrowDown")
    for seat in (ours, theirs):
        for node, was in zip(("m0", "end"), before, strict=True):
            still = re.compile(re.escape(was))
            expect(seat.node(node)).not_to_have_attribute("style", still, timeout=SEEN_MS)
    with ours.saving(), theirs.saving():
        assert ours.place("m0") == theirs.place("m0")
        assert ours.place("end") == theirs.place("end")

    data = open_draft(bob, draft_types.get("chatflow"), draft.id).data
    nodes = {node["id"]: node for node in data["nodes"]}
    assert nodes["m0"]["data"] == {"prompt": "{{input}}", "label": "From Alice"}
    assert nodes["end"]["data"]["message"] == "From Bob"
    assert [nodes[each]["position"]["y"] for each in ("m0", "m1", "end")] == [24, 0, 24]
    assert len(data["edges"]) == 3


def test_a_form_is_filled_in_from_the_keyboard(seats: dict[str, Page], alice: Actor) -> None:
    draft = drawn(alice, spread(4))
    seat = Seat(seats["alice"])
    page, keys = seat.page, seat.page.keyboard
    page.goto(address(alice, draft))
    seat.node("m0").focus()
    keys.press("Enter")
    form = page.locator("#inspector")
    expect(form.get_by_role("textbox", name="Name", exact=True)).to_be_focused()

    # What is done to rows is a step; a box that nothing was typed into has none of its own.
    rows = form.locator(".rows-row")
    with seat.saving():
        form.get_by_role("button", name="Add a part").click()
    expect(rows).to_have_count(1)
    expect(rows.get_by_label("Name")).to_be_focused()
    keys.press("Control+z")
    expect(rows).to_have_count(0)
    keys.press("Control+Shift+z")
    expect(rows).to_have_count(1)
    keys.press("Control+z")
    expect(rows).to_have_count(0)

    # What a box lacks is told once it was left, and gone with the save that mends it.
    prompt = form.locator('[name="nodes.m0.data.prompt"]')
    with seat.saving():
        prompt.fill("")
    told = form.get_by_text("Write a prompt")
    expect(told).to_be_hidden()
    keys.press("Tab")
    expect(told).to_be_visible()
    prompt.focus()
    keys.type("Say /nothing_of_that_name")
    expect(told).to_be_hidden()

    # Enter is the box's, where there is nothing to take but what nobody asked for.
    menu = page.locator("#variables-menu")
    expect(menu).to_contain_text("nothing_of_that_name")
    keys.press("Enter")
    expect(menu).to_be_hidden()
    expect(prompt).to_have_value("Say /nothing_of_that_name\n")

    # Escape leaves the box, then the form; no letter of a word is a key of the canvas.
    keys.press("Escape")
    expect(form).to_be_focused()
    keys.type("aced")
    keys.press("Delete")
    expect(page.locator(".canvas-picker")).to_have_count(0)
    expect(page.locator(".react-flow__node")).to_have_count(4)
    keys.press("Escape")
    expect(seat.node("m0")).to_be_focused()
    expect(form.locator("[data-node]")).to_have_count(0)

    keys.press("Enter")
    _turns_to_the_preview(page)
    _goes_on_from_where_it_was_led(seat, address(alice, draft))


def _goes_on_from_where_it_was_led(seat: Seat, url: str) -> None:
    """Whoever came for a problem is led to it once: no answer of the server leads there again."""
    seat.page.goto(f"{url}?focus=nodes.m0.data.prompt")
    prompt = seat.page.locator('#inspector [name="nodes.m0.data.prompt"]')
    expect(prompt).to_be_focused()
    with seat.saving():
        prompt.press_sequentially("more")
    expect(prompt).to_be_focused()
    seat.node("m1").click()
    expect(seat.page.locator("#inspector [data-node]")).to_have_attribute("data-node", "m1")
    with seat.saving():
        seat.page.locator('#inspector [name="nodes.m1.data.label"]').fill("Second")
    expect(seat.page.locator("#inspector [data-node]")).to_have_attribute("data-node", "m1")


def _turns_to_the_preview(page: Page) -> None:
    """Without room for both the settings stand where it does; what is written there is its own."""
    form = page.locator("#inspector")
    preview = page.locator("#preview-panel")
    expect(preview).to_be_hidden()
    form.get_by_role("button", name="Preview", exact=True).click()
    expect(preview).to_be_visible()
    expect(form).to_be_hidden()
    preview.get_by_role("textbox").last.fill("Hello")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator("#toasts [data-topic=undo]")).to_have_count(0)


def test_a_double_click_on_the_way_to_the_preview_keeps_its_conversation(
    seats: dict[str, Page], alice: Actor
) -> None:
    """With the first click, what starts the chat again comes to lie where the second one goes."""
    page = seats["alice"]
    page.goto(address(alice, drawn(alice, spread(4))))
    chat = page.locator("#preview")
    chat.get_by_role("textbox").fill("Hello")
    page.keyboard.press("Enter")
    Seat(page).node("m0").click()
    turn = page.locator("#inspector").get_by_role("button", name="Preview", exact=True)
    box = turn.bounding_box()
    turn.dblclick()
    again = page.locator("[data-preview=reset]").bounding_box()
    assert box
    assert again
    assert again["x"] < box["x"] + box["width"] / 2 < again["x"] + again["width"]
    expect(chat.get_by_text("Hello")).to_be_visible()
    page.locator("[data-preview=reset]").click()
    expect(chat.get_by_text("Hello")).to_be_hidden()


def test_two_people_add_nodes_of_one_name_and_lose_none(
    seats: dict[str, Page], alice: Actor
) -> None:
    draft = drawn(alice, spread(4))
    both = ours, theirs = Seat(seats["alice"]), Seat(seats["bob"])
    for seat in both:
        seat.page.goto(address(alice, draft))
        expect(seat.node("end")).to_be_visible()
        seat.page.context.set_offline(True)
    for seat in both:
        seat.add_after("end", "Response")
        expect(seat.node("response1")).to_be_focused()
        seat.add_after("response1", "Response")
        expect(seat.node("response2")).to_be_focused()
    for seat in both:
        seat.page.context.set_offline(False)
        with seat.saving():
            expect(seat.page.locator("#conflict")).to_be_empty()
    # Who came second goes on in what was made there, whatever it is called now.
    for seat, name in ((ours, "response2"), (theirs, "response4")):
        expect(seat.node(name)).to_be_focused(timeout=SEEN_MS)
        message = seat.page.locator(f'#inspector [name="nodes.{name}.data.message"]')
        message.fill(f"Said in {name}")
    for seat in both:
        for name in ("response2", "response4"):
            expect(seat.node(name)).to_contain_text(f"Said in {name}", timeout=SEEN_MS)
        expect(seat.page.locator(".react-flow__node")).to_have_count(8)
    with ours.saving(), theirs.saving():
        pass

    data = open_draft(alice, draft_types.get("chatflow"), draft.id).data
    assert [node["id"] for node in data["nodes"][4:]] == [f"response{n}" for n in range(1, 5)]
    ends = {edge["source"]: edge["target"] for edge in data["edges"] if edge["source"] != "end"}
    assert (ends["response1"], ends["response3"]) == ("response2", "response4")


def test_two_people_put_a_node_into_one_connection_and_undo_each_others_changes(
    seats: dict[str, Page], alice: Actor
) -> None:
    draft = drawn(alice, spread(4))
    both = ours, theirs = Seat(seats["alice"]), Seat(seats["bob"])
    for seat in both:
        seat.page.goto(address(alice, draft))
        expect(seat.node("end")).to_be_visible()
        seat.page.context.set_offline(True)
    for seat, kind, name in ((ours, "Response", "response1"), (theirs, "Delay", "delay1")):
        seat.add_after("start", kind)
        expect(seat.node(name)).to_be_focused()
        # What is asked of a new node is no reproach yet.
        expect(seat.page.locator(".canvas-tip:visible")).to_have_count(0)
    for seat in both:
        seat.page.context.set_offline(False)
        with seat.saving():
            expect(seat.page.locator("#conflict")).to_be_empty()
    # The second stands beside the first, whatever made room.
    names = ("start", "response1", "delay1", "m0")
    for seat in both:
        expect(seat.page.locator(".react-flow__node")).to_have_count(6, timeout=SEEN_MS)
        seat.page.wait_for_function(
            "(names) => new Set(names.map((name) => document.querySelector("
            "`.react-flow__node[data-id=${name}]`).style.transform)).size === names.length",
            arg=list(names),
            timeout=SEEN_MS,
        )
    with ours.saving(), theirs.saving():
        data = open_draft(alice, draft_types.get("chatflow"), draft.id).data
    leads_on = {edge["source"]: edge["target"] for edge in data["edges"]}
    way = ["start"]
    while way[-1] in leads_on:
        way.append(leads_on[way[-1]])
    assert sorted(way[1:3]) == ["delay1", "response1"]
    assert way[3:] == ["m0", "m1", "end"]

    ours.node("response1").focus()
    with ours.saving():
        ours.page.keyboard.press("Alt+ArrowDown")
        # It is seen for some seconds.
        changed = theirs.page.locator('[data-id="response1"][data-changed-by="Alice"]')
        expect(changed).to_be_visible(timeout=SEEN_MS)
    theirs.page.click("#undo:not([disabled])")
    toast = theirs.page.locator("#toasts")
    expect(toast).to_contain_text("Took back a change by Alice: Moved Response response1")
    with theirs.saving():
        toast.get_by_role("button", name="Redo").click()
    expect(toast).to_contain_text("Redone: Moved Response response1")


def test_dragging_one_of_two_hundred_draws_that_one_alone(
    seats: dict[str, Page], alice: Actor
) -> None:
    seat = Seat(page := seats["alice"])
    draft = drawn(alice, spread(NODES))
    page.goto(address(alice, draft))
    expect(seat.node("start")).to_be_visible()
    expect(page.locator(".react-flow__node")).to_have_count(NODES)
    middle = f"m{NODES // 2}"
    box = seat.node(middle).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 12, box["y"] + box["height"] / 2, steps=3)
    # It is selected, and its settings have come beside the canvas.
    expect(page.locator(f'#inspector [data-node="{middle}"]')).to_be_visible()
    page.evaluate(NEXT_FRAME)
    page.evaluate(WATCH)
    for number in range(FRAMES):
        page.mouse.move(box["x"] + 40 + 2 * number, box["y"] + 20 + number)
        page.evaluate(NEXT_FRAME)
    written = page.evaluate("window.__written")
    page.mouse.up()
    edges = {e["id"] for e in draft.data["edges"] if middle in (e["source"], e["target"])}
    assert written.keys() <= {middle, "map", *edges}
    assert written[middle] <= 2 * FRAMES
    # Of an edge: the lines, its ends that can be dragged, and the place of its buttons.
    assert all(written.get(edge, 0) <= 8 * FRAMES for edge in edges)
    assert written.get("map", 0) <= 4 * FRAMES
    with seat.saving():
        pass
    moved = open_draft(alice, draft_types.get("chatflow"), draft.id)
    assert moved.version == draft.version + 1
