// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { markFaults, pointed } from "./faults";

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

describe("the faults of one text", () => {
  it("are told below its box, a sentence each in the order of the text, and nowhere else", () => {
    const path = "nodes.say.data.message";
    const faults = [1, 9].map((column) => ({ path, column, message: `Column ${column} is wrong` }));
    const problems = faults.map(({ message }) => ({ severity: "error", path, message }));
    const state = JSON.stringify({ faults: { say: faults }, problems: { say: problems } });
    document.body.innerHTML = `<form data-autosave data-node="say"><textarea name="${path}" aria-describedby="field-${path}_error">{{a}} {{b}}</textarea>
      <div id="field-${path}_error" hidden><span></span></div></form><script type="application/json" id="canvas-state">${state}</script>`;
    markFaults();
    markFaults();
    const [box, place] = [document.querySelector("textarea")!, document.querySelector(".fault")!];
    expect([...place.querySelectorAll("span")].map(({ textContent }) => textContent)).toEqual(["Column 1 is wrong", "Column 9 is wrong"]);
    expect(document.querySelectorAll(".fault").length).toBe(1);
    expect(document.getElementById(`field-${path}_error`)!.hidden).toBe(true);
    expect(box.getAttribute("aria-describedby")).toBe(`field-${path}_error ${place.id}`);
    expect(box.getAttribute("aria-invalid")).toBe("true");
  });
});
