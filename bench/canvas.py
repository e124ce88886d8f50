"""How smoothly a node is dragged on the canvas of a flow, with few nodes and with many.

Times are from one picture to the next while the pointer moves with each. Read the ratio of the two
lines: a machine without a screen and a graphics card paints more slowly than people's.
"""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import requests
from playwright.sync_api import sync_playwright

from bench.builder import BROWSERS, FLAGS, Times, page_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from bench.product import Product

FEW, MANY, ACROSS = 20, 200, 15
FLUID = 1000 / 30
# One step of the pointer for each picture, as the browser itself would tell of it.
DRAG = """async ([id, frames]) => {
  const node = document.querySelector(`.react-flow__node[data-id="${id}"]`);
  const {x, y} = node.getBoundingClientRect();
  const say = (type, target, by) => target.dispatchEvent(new MouseEvent(type, {
    bubbles: true, cancelable: true, view: window, buttons: 1,
    clientX: x + 20 + by, clientY: y + 20 + by,
  }));
  say("mousedown", node, 0);
  say("mousemove", window, 4);
  // It is selected, and its settings come.
  await new Promise((settled) => setTimeout(settled, 1500));
  const took = [];
  let last = await new Promise(requestAnimationFrame);
  for (let frame = 1; frame <= frames; frame += 1) {
    say("mousemove", window, 4 + frame / 2);
    const now = await new Promise(requestAnimationFrame);
    took.push(now - last);
    last = now;
  }
  say("mouseup", window, 4 + frames / 2);
  return [took, node.getBoundingClientRect().x - x];
}"""


def canvas(product: Product, scale: float) -> None:
    """Show both, and how many times slower the long flow is."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print("no Chromium or Chrome was found: nothing measured on the canvas")
        return
    seat = product.seat()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS])
        page = page_of(browser, product, seat)
        few, many = (dragged(page, product, seat, n, int(240 * scale)) for n in (FEW, MANY))
        browser.close()
    few.show()
    many.show()
    print(f"{'':<44}p95 {many.p95 / few.p95:.2f} times that of {FEW} nodes", flush=True)


def dragged(page: Page, product: Product, seat: dict[str, str], nodes: int, frames: int) -> Times:
    page.goto(f"{drawn(product, seat, nodes)}workflow/")
    page.locator(f'.react-flow__node[data-id="m{nodes - 2}"]').wait_for()
    page.wait_for_timeout(1000)
    took, way = page.evaluate(DRAG, [f"m{nodes // 2}", frames])
    assert way, "the node was not dragged"
    return Times.of(f"a picture while one of {nodes} nodes is dragged", took, FLUID)


def drawn(product: Product, seat: dict[str, str], nodes: int) -> str:
    """The address of a new draft with a chain of so many nodes, in rows."""
    exported = {"format": "privexbot.draft", "format_version": 1, "type": "chatflow"}
    answer = requests.post(
        f"{product.url}/w/demo/chatflows/draft/import/",
        headers=seat,
        data={"document": json.dumps(exported | {"data": flow(nodes)})},
        timeout=30,
        allow_redirects=False,
    )
    return product.url + answer.headers["Location"]


def flow(nodes: int) -> dict[str, Any]:
    ids = ["start", *(f"m{number}" for number in range(1, nodes - 1))]
    return {
        "name": f"{nodes} nodes",
        "nodes": [
            {
                "id": each,
                "type": "llm" if number else "trigger",
                "position": {"x": number % ACROSS * 340, "y": number // ACROSS * 140},
                "data": {"prompt": "{{input}}"} if number else {},
            }
            for number, each in enumerate(ids)
        ],
        "edges": [
            {"id": f"e{number}", "source": source, "target": target}
            for number, (source, target) in enumerate(pairwise(ids))
        ],
    }
