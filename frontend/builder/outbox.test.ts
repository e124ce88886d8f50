import { describe, expect, it } from "vitest";
import { empty, joined, Outbox, rebased } from "./outbox";

const ids = () => {
  let n = 0;
  return () => `p${++n}`;
};

describe("the outbox", () => {
  it("sends the newest value of each path, once", () => {
    const box = new Outbox(3);
    box.edit("name", "a");
    box.edit("name", "ab");
    box.edit("model", "m");
    const flight = box.take(ids());
    expect(flight).toEqual({ id: "p1", base: 3, values: { name: "ab", model: "m" } });
    expect(box.dirty).toBe(true);
    box.acknowledged(4, []);
    expect(box.dirty).toBe(false);
    expect(box.version).toBe(4);
  });

  it("keeps a flight and its id until it is acknowledged", () => {
    const box = new Outbox(1);
    const id = ids();
    box.edit("name", "a");
    const first = box.take(id);
    box.edit("name", "ab");
    expect(box.take(id)).toBe(first);
    box.acknowledged(2, []);
    expect(box.take(id)).toEqual({ id: "p2", base: 2, values: { name: "ab" } });
  });

  it("gives an edit the base that its box showed, even when others changed other fields", () => {
    const box = new Outbox(5);
    box.edit("prompt", "mine");
    box.synced(6, ["name"]);
    expect(box.take(ids())?.base).toBe(6);
  });

  it("keeps the old base of a field that somebody else changed, so that the server sees it", () => {
    const box = new Outbox(5);
    box.edit("name", "mine");
    box.edit("prompt", "mine too");
    box.synced(6, ["name"]);
    const first = box.take(ids());
    expect(first).toMatchObject({ base: 5, values: { name: "mine" } });
  });

  it("does not take an unsent edit past a foreign change that came with an answer", () => {
    const box = new Outbox(10);
    box.edit("name", "a");
    box.take(ids());
    box.edit("prompt", "typed while sending");
    box.acknowledged(12, ["prompt"]);
    expect(box.take(ids())).toMatchObject({ base: 10, values: { prompt: "typed while sending" } });
  });

  it("bases a further edit of a field in flight on what the flight becomes", () => {
    const box = new Outbox(10);
    box.edit("name", "a");
    box.take(ids());
    box.synced(12, ["name"]);
    box.edit("name", "ab");
    box.acknowledged(11, []);
    expect(box.take(ids())).toMatchObject({ base: 11 });
  });

  it("stops in a conflict, and goes on with what was chosen", () => {
    const box = new Outbox(1);
    const id = ids();
    box.edit("name", "mine");
    box.edit("model", "m");
    box.take(id);
    box.edit("name", "mine, longer");
    box.conflicted(7, ["name"]);
    expect(box.take(id)).toBeNull();
    expect(box.typed("name")).toBe("mine, longer");
    box.edit("name", "mine, longest");
    box.resolve([]);
    expect(box.take(id)).toEqual({ id: "p2", base: 7, values: { name: "mine, longest", model: "m" } });
  });

  it("drops what was typed where theirs was chosen", () => {
    const box = new Outbox(1);
    box.edit("name", "mine");
    box.take(ids());
    box.conflicted(7, ["name"]);
    box.resolve(["name"]);
    expect(box.dirty).toBe(false);
  });

  it("keeps what was refused, unsent, until it is edited", () => {
    const box = new Outbox(1);
    box.edit("temperature", "hot");
    box.edit("name", "a");
    box.take(ids());
    box.acknowledged(2, [], { temperature: "Enter a number." });
    expect(box.dirty).toBe(true);
    expect(box.waiting).toBe(false);
    expect(box.typed("temperature")).toBe("hot");
    box.edit("temperature", "0.3");
    expect(box.take(ids())).toMatchObject({ values: { temperature: "0.3" } });
  });

  it("lets typed values follow an item that is renamed", () => {
    const box = new Outbox(1);
    box.edit("variables.old.label", "x");
    box.rename("variables.old", "variables.new");
    expect(box.typed("variables.new.label")).toBe("x");
    box.drop("variables.new");
    expect(box.dirty).toBe(false);
  });

  it("takes over what a closed page left, its flight with its id", () => {
    const gone = new Outbox(1);
    gone.edit("name", "a");
    gone.take(() => "left");
    gone.edit("prompt", "p");
    const box = new Outbox(9);
    expect(box.takeOver(structuredClone(gone.contents))).toBe(true);
    expect(box.take(ids())).toEqual({ id: "left", base: 1, values: { name: "a" } });
    expect(box.typed("prompt")).toBe("p");
    expect(new Outbox(1).takeOver(empty())).toBe(false);
  });

  it("sends what was refused on a closed page once more", () => {
    const gone = new Outbox(1);
    gone.edit("speed", "hot");
    gone.take(ids());
    gone.acknowledged(2, [], { speed: "Enter a number." });
    const box = new Outbox(5);
    expect(box.takeOver(structuredClone(gone.contents))).toBe(true);
    expect(box.refusals).toEqual({});
    expect(box.take(ids())).toMatchObject({ base: 1, values: { speed: "hot" } });
  });

  it("moves everything typed to another draft, the newest value of each path", () => {
    const box = new Outbox(7);
    box.edit("temperature", "hot");
    box.take(ids());
    box.acknowledged(8, [], { temperature: "Enter a number." });
    box.edit("name", "in flight");
    box.edit("model", "m");
    box.take(ids());
    box.edit("name", "typed since");
    expect(rebased(box.contents, 1)).toEqual({
      ...empty(),
      pending: {
        temperature: { value: "hot", base: 1 },
        name: { value: "typed since", base: 1 },
        model: { value: "m", base: 1 },
      },
    });
  });

  it("joins boxes so that the later value wins", () => {
    const entry = (value: string) => ({ value, base: 1 });
    const one = { ...empty(), pending: { name: entry("a"), model: entry("m") } };
    const two = { ...empty(), pending: { name: entry("b") } };
    expect(joined(one, two).pending).toEqual({ name: entry("b"), model: entry("m") });
  });

  it("sends what was typed at one moment together, also when others changed some of it since", () => {
    const box = new Outbox(1);
    for (const path of ["edges.e1", "nodes.llm1.type", "edges.e2"]) box.edit(path, "x");
    box.synced(2, ["edges.e1"]);
    box.edit("name", "later");
    expect(box.take(ids())).toMatchObject({ base: 1, values: { "edges.e1": "x", "nodes.llm1.type": "x", "edges.e2": "x" } });
    box.acknowledged(3, []);
    expect(box.take(ids())).toMatchObject({ base: 3, values: { name: "later" } });
  });

  it("never loses an edit over random answers", () => {
    let seed = 7;
    const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
    const box = new Outbox(1);
    const id = ids();
    const server: Record<string, unknown> = {};
    const typed: Record<string, string> = {};
    let version = 1;
    for (let i = 0; i < 2000; i++) {
      const path = `f${random(5)}`;
      typed[path] = `${i}`;
      box.edit(path, typed[path]);
      const flight = random(3) ? null : box.take(id);
      if (!flight || !random(3)) continue;
      Object.assign(server, flight.values);
      if (random(4)) box.acknowledged(++version, []);
    }
    for (let flight = box.take(id); flight; flight = box.take(id)) {
      Object.assign(server, flight.values);
      box.acknowledged(++version, []);
    }
    expect(server).toEqual(typed);
    expect(box.dirty).toBe(false);
  });
});
