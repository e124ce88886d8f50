import { describe, expect, it } from "vitest";
import { backEdges, bodyOf, downstream, inOrder, moved, refusal, targetsOf, withoutNodes, type Connection } from "../graph";
import { edge, flow, loop, node, start } from "./flow";

const wanted = (text: string): Connection => edge(text);

describe("what may be connected", () => {
  const line = flow([start(), "llm1", "reply1"], ["trigger1>llm1", "llm1>reply1"]);

  it("leads on to any node with an input", () => {
    expect(refusal(line, wanted("trigger1>reply1"))).toBeNull();
  });

  it("never leads to itself, nor into what starts the flow", () => {
    expect(refusal(line, wanted("llm1>llm1"))).toBe("refused_self");
    expect(refusal(line, wanted("llm1>trigger1"))).toBe("refused_input");
    expect(refusal(line, wanted("llm1>nothing"))).toBe("refused_input");
  });

  it("leads to the same node once, but from another handle again", () => {
    const fork = node("if1", { handles: [{ id: "true", label: "" }, { id: "false", label: "" }] });
    const graph = flow([fork, "llm1"], ["if1:true>llm1"]);
    expect(refusal(graph, wanted("if1:true>llm1"))).toBe("refused_double");
    expect(refusal(graph, wanted("if1:false>llm1"))).toBeNull();
  });

  it("runs several nodes side by side from the main way on only", () => {
    const fork = node("if1", { handles: [{ id: "", label: "" }, { id: "true", label: "" }] });
    const graph = flow([fork, "a1", "b1"], ["if1>a1", "if1:true>a1"]);
    expect(refusal(graph, wanted("if1>b1"))).toBeNull();
    expect(refusal(graph, wanted("if1:true>b1"))).toBe("refused_taken");
    expect(refusal(graph, wanted("if1:true>b1"), edge("if1:true>a1").id)).toBeNull();
  });

  it("makes no circle, however long", () => {
    expect(refusal(line, wanted("reply1>llm1"))).toBe("refused_cycle");
    expect(refusal(line, wanted("reply1>llm1"), edge("llm1>reply1").id)).toBeNull();
  });

  it("leads back to a loop from inside of its body alone", () => {
    const graph = flow([start(), loop("loop1"), "a1", "b1", "after1"], ["trigger1>loop1", "loop1:body>a1", "a1>b1", "loop1>after1"]);
    expect(refusal(graph, wanted("b1>loop1"))).toBeNull();
    expect(refusal(graph, wanted("after1>loop1"))).toBe("refused_cycle");
    expect(refusal(graph, wanted("b1>a1"))).toBe("refused_cycle");
  });

  it("offers just the nodes that it allows", () => {
    expect(targetsOf(line, "trigger1", "").map(({ id }) => id)).toEqual(["reply1"]);
    expect(targetsOf(line, "reply1", "")).toEqual([]);
  });
});

describe("loops", () => {
  const graph = flow(
    [start(), loop("loop1"), "a1", "b1", "after1"],
    ["trigger1>loop1", "loop1:body>a1", "a1>b1", "b1>loop1", "loop1>after1"],
  );

  it("repeat what their body leads to, and not what comes after", () => {
    expect([...bodyOf(graph, "loop1")].sort()).toEqual(["a1", "b1"]);
    expect([...backEdges(graph)]).toEqual([edge("b1>loop1").id]);
  });

  it("do not make what comes before a part of what comes after", () => {
    expect([...downstream(graph, "loop1")].sort()).toEqual(["a1", "after1", "b1", "loop1"]);
    expect([...downstream(graph, "b1")]).toEqual(["b1"]);
  });

  it("may hold loops", () => {
    const nested = flow(
      [loop("loop1"), loop("loop2"), "a1"],
      ["loop1:body>loop2", "loop2:body>a1", "a1>loop2", "loop2>loop1"],
    );
    expect([...backEdges(nested)].sort()).toEqual([edge("a1>loop2").id, edge("loop2>loop1").id].sort());
  });
});

describe("the order of the flow", () => {
  it("follows the edges, and the screen where they fork; notes come last", () => {
    const at = (id: string, y: number) => node(id, { position: { x: 0, y } });
    const graph = flow([node("comment1"), at("low1", 200), at("high1", 100), at("end1", 0), start()], ["trigger1>low1", "trigger1>high1", "low1>end1", "high1>end1"]);
    expect(inOrder(graph).map(({ id }) => id)).toEqual(["trigger1", "high1", "low1", "end1", "comment1"]);
  });

  it("names every node, even in a circle that should not be", () => {
    expect(inOrder(flow(["a1", "b1"], ["a1>b1", "b1>a1"]))).toHaveLength(2);
  });
});

it("takes the edges of a node along when it goes", () => {
  const graph = withoutNodes(flow(["a1", "b1", "c1"], ["a1>b1", "b1>c1", "a1>c1"]), ["b1"]);
  expect([...graph.edges.keys()]).toEqual([edge("a1>c1").id]);
});

it("moves to whole numbers, and is the same graph when nothing moved", () => {
  const graph = flow(["a1"]);
  expect(moved(graph, [["a1", { x: 1.4, y: 2.6 }]]).nodes.get("a1")?.position).toEqual({ x: 1, y: 3 });
  expect(moved(graph, [["a1", { x: 0.2, y: 0 }], ["gone1", { x: 5, y: 5 }]])).toBe(graph);
});
