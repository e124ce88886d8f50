import { beforeEach, expect, test, vi } from "vitest";
import { show } from "../toasts";

const texts = () => [...document.querySelectorAll("[data-toast] p")].map((p) => p.textContent);

beforeEach(() => {
  document.body.innerHTML = `<div id="toasts"></div><template id="toast-template"><div data-toast>
    <p></p><button class="toast-action" hidden></button></div></template>`;
  const region = document.getElementById("toasts")!;
  Object.assign(region, { showPopover: () => {}, hidePopover: () => {} });
});

test("a new notice takes the place of one that it may contradict", () => {
  show({ text: "The role is changed.", tone: "green" });
  show({ text: "The workspace needs an owner.", tone: "red" });
  expect(texts()).toEqual(["The workspace needs an owner."]);
  show({ text: "The role is changed.", tone: "green" });
  expect(texts()).toEqual(["The role is changed."]);
});

test("a notice with something to press stays", () => {
  show({ text: "Removed.", action: "Undo", run: () => {} });
  show({ text: "Copied" });
  expect(texts()).toEqual(["Removed.", "Copied"]);
});

test("what went well leaves by itself, what did not stays", () => {
  vi.useFakeTimers();
  for (const [tone, left] of [["green", 0], ["amber", 1], ["red", 1]] as const) {
    document.getElementById("toasts")!.replaceChildren();
    const toast = show({ text: "So it is.", tone });
    vi.advanceTimersByTime(60_000);
    expect(texts()).toHaveLength(left);
    expect(toast?.getAttribute("role")).toBe(tone === "red" ? "alert" : null);
  }
  vi.useRealTimers();
});
