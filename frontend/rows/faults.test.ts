// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { pointed } from "./faults";

describe("a fault of an expression", () => {
  it("is pointed at in its line", () => {
    expect(pointed("{{llm1.x}}", 3)).toBe("{{llm1.x}}\n  ^");
    expect(pointed("first\nHi {{x}} there\nlast", 12)).toBe("Hi {{x}} there\n     ^");
  });

  it("is pointed at in a part of a long line, in characters", () => {
    expect(pointed(`${"a".repeat(60)}?`, 61)).toBe(`…${"a".repeat(24)}?\n${" ".repeat(25)}^`);
    expect(pointed("🙂 {{x}}", 5)).toBe("🙂 {{x}}\n    ^");
  });
});
