import { describe, expect, it } from "vitest";
import { aligned, below, clearance, distributed, passage, shortOf, type Box } from "../arrange";
import { tidied } from "../layout";
import { neighbour } from "../walk";
import type { FlowNode } from "../types";
import { flow, loop, node, start } from "./flow";

const box = (id: string, x = 0, y = 0, width = 240, height = 60): Box => ({ id, x, y, width, height });
const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;

describe("tidying up", () => {
  const graph = flow(
    [start(), "if1", "a1", "b1", loop("loop1"), "c1", "d1", "end1", "comment1"],
    ["trigger1>if1", "if1:true>a1", "if1:false>b1", "a1>loop1", "b1>loop1", "loop1:body>c1", "c1>d1", "d1>loop1", "loop1>end1"],
  );
  const boxes = [...graph.nodes.keys()].map((id) => box(id, 100, 50));
  const places = tidied(graph, boxes);
  const at = (id: string): Box => ({ ...box(id), ...places.get(id)! });

  it("goes from left to right, and covers nothing", () => {
    for (const [one, other] of [["trigger1", "if1"], ["if1", "a1"], ["if1", "b1"], ["a1", "loop1"], ["loop1", "end1"], ["c1", "d1"]] as const) {
      expect(at(other).x).toBeGreaterThanOrEqual(at(one).x + 240);
    }
    const all = [...places.keys()].map(at);
    for (const one of all) for (const other of all) if (one !== other && one.id !== other.id) expect(overlap(one, other)).toBe(false);
  });

  it("puts what a loop repeats below it, and the loop in line with what is after it", () => {
    expect(at("c1").y).toBeGreaterThan(at("loop1").y + 60);
    expect(at("d1").y).toBeGreaterThan(at("loop1").y + 60);
    expect(Math.abs(at("loop1").y - at("end1").y)).toBeLessThanOrEqual(1);
  });

  it("draws what a handle leads to above what the next one leads to", () => {
    const names = ["if1", "a1", "b1", "if2", "c1", "d1"];
    const two = flow(
      names.map((id) => node(id, { handles: [{ id: "true", label: "" }, { id: "false", label: "" }] })),
      ["if1:false>b1", "if1:true>a1", "if2:false>d1", "if2:true>c1"],
    );
    const found = tidied(two, names.map((id) => box(id)));
    expect([found.get("a1")!.y < found.get("b1")!.y, found.get("c1")!.y < found.get("d1")!.y]).toEqual([true, true]);
  });

  it("leaves parts of a flow in the order in which they stand", () => {
    const at = (id: string, y: number): [FlowNode, Box] => [node(id, { position: { x: 0, y } }), box(id, 0, y)];
    const all = [at("low1", 500), at("high1", 0), at("mid1", 200), at("next1", 0)];
    const parts = flow(all.map(([each]) => each), ["high1>next1"]);
    const found = tidied(parts, all.map(([, each]) => each));
    expect(["high1", "mid1", "low1"].map((id) => found.get(id)!.y)).toEqual([...["high1", "mid1", "low1"].map((id) => found.get(id)!.y)].sort((a, b) => a - b));
  });

  it("is the same wherever the nodes were before", () => {
    const elsewhere = tidied(graph, boxes.map((each, at) => ({ ...each, x: 100 + at * 77, y: 50 + (at % 3) * 210 })));
    expect([...elsewhere.keys()].sort()).toEqual([...places.keys()].sort());
    for (const [id, place] of elsewhere) expect([id, place]).toEqual([id, places.get(id)]);
  });

  it("keeps the corner where it was, and leaves notes alone", () => {
    expect(Math.min(...[...places.values()].map(({ x }) => x))).toBe(100);
    expect(places.has("comment1")).toBe(false);
  });

  it("lays out a part of the flow, and nothing when there is nothing", () => {
    expect([...tidied(graph, [box("a1", 5, 5), box("loop1", 5, 5)]).keys()].sort()).toEqual(["a1", "loop1"]);
    expect(tidied(flow([]), []).size).toBe(0);
  });

  it("copes with loops in loops, and with two loops that share a body", () => {
    const nested = flow([loop("loop1"), loop("loop2"), "a1"], ["loop1:body>loop2", "loop2:body>a1", "a1>loop2", "loop2>loop1"]);
    expect(tidied(nested, ["loop1", "loop2", "a1"].map((id) => box(id))).size).toBe(3);
    const shared = flow([loop("loop1"), loop("loop2"), "a1"], ["loop1:body>a1", "loop2:body>a1", "a1>loop1"]);
    expect(tidied(shared, ["loop1", "loop2", "a1"].map((id) => box(id))).size).toBe(3);
  });
});

describe("arranging", () => {
  const boxes = [box("a", 0, 0, 100), box("b", 50, 100, 200), box("c", 400, 300, 100)];

  it("aligns on the outermost side, or the middle", () => {
    const xs = (side: "left" | "center" | "right"): number[] => aligned(boxes, side).map(([, { x }]) => x);
    expect([xs("left"), xs("right"), xs("center")]).toEqual([[0, 0, 0], [400, 300, 400], [200, 150, 200]]);
    expect(aligned(boxes, "bottom").map(([, { y }]) => y)).toEqual([300, 300, 300]);
  });

  it("spreads with equal gaps, the outermost staying", () => {
    expect(distributed(boxes, "x").map(([, { x }]) => x)).toEqual([0, 150, 400]);
    expect(distributed(boxes.slice(0, 2), "x")).toEqual([]);
  });

  it("finds how far down the next free place is", () => {
    expect(clearance([box("a", 0, 0), box("b", 0, 90)], [box("c", 10, 10)])).toBe(160);
    expect(clearance([box("b", 0, 90), box("a", 0, 0)], [box("c", 10, 10)])).toBe(160);
    expect(clearance([], [box("c")])).toBe(0);
  });

  it("finds how far down several go together", () => {
    expect(clearance([box("a", 0, 0)], [box("b", 100, 0), box("c", 500, 0)])).toBe(80);
    expect(clearance([box("a", 0, 0)], [box("c", 500, 0)])).toBe(0);
  });

  it("makes room below a card that grew, and below what goes down", () => {
    const grown = box("a", 0, 0, 240, 160);
    const boxes = [grown, box("above", 0, -100), box("next", 0, 80), box("last", 0, 160), box("aside", 300, 80), box("far", 0, 900)];
    expect(below(boxes, grown, 100)).toEqual([["next", { x: 0, y: 180 }], ["last", { x: 0, y: 260 }]]);
    // What lay over it before does so on purpose.
    expect(below([grown, box("over", 20, 40)], grown, 100)).toEqual([]);
    expect(below(boxes.slice(0, 2), grown, 100)).toEqual([]);
  });

  it("leads back between two cards, and below them where they leave no room", () => {
    const condition = box("if1", 400, 0, 240, 120);
    const way = (to: Box, ...others: Box[]): number => passage([condition, to, ...others], condition, to, false);
    expect([way(box("a", 0, 200)), way(box("a", 0, -100))]).toEqual([160, -20]);
    for (const y of [0, 60, 140]) expect(way(box("a", 0, y))).toBeGreaterThan(Math.max(120, y + 60));
    expect(passage([], box("body1", 500, 200), box("loop1", 0, 0), true)).toBe(288);
    expect(way(box("a", 0, 150))).toBe(135);
    // Another card is in the way.
    expect(way(box("a", 0, 0), box("b", 200, 130))).toBe(210);
  });

  it("knows how much room a card lacks between two", () => {
    expect([shortOf(box("a"), box("b", 300)), shortOf(box("a"), box("b", 900))]).toEqual([372, 0]);
  });
});

describe("walking", () => {
  const graph = flow([start(), "a1", "b1", "far1"], ["trigger1>a1", "trigger1>b1"]);
  const boxes = new Map([box("trigger1", 0, 0), box("a1", 300, 0), box("b1", 300, 100), box("far1", 0, 400)].map((each) => [each.id, each]));

  it("follows the edges to the sides, and the screen up and down", () => {
    expect(neighbour(graph, boxes, "trigger1", "ArrowRight")).toBe("a1");
    expect(neighbour(graph, boxes, "b1", "ArrowLeft")).toBe("trigger1");
    expect(neighbour(graph, boxes, "a1", "ArrowDown")).toBe("b1");
    expect(neighbour(graph, boxes, "far1", "ArrowUp")).toBe("trigger1");
    expect(neighbour(graph, boxes, "a1", "ArrowRight")).toBeNull();
    expect(neighbour(graph, boxes, "nothing", "ArrowUp")).toBeNull();
  });
});

it("a note is a node like others when it stands in a layout of its own", () => {
  expect(tidied(flow([node("comment1")]), [box("comment1")]).size).toBe(0);
});
