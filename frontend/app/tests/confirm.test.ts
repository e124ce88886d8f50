import { beforeEach, expect, test, vi } from "vitest";
import { ask } from "../confirm";

const question = (data: DOMStringMap = {}) => {
  const sourceElement = document.createElement("button");
  Object.assign(sourceElement.dataset, data);
  return { ctx: { confirm: "Abandon?", sourceElement }, issueRequest: vi.fn(), dropRequest: vi.fn() };
};
const dialog = () => document.querySelector("dialog")!;
const yes = () => dialog().querySelector<HTMLButtonElement>("[data-confirm-yes]")!;

beforeEach(() => {
  document.body.innerHTML = `<dialog id="confirm"><h2 id="confirm-text"></h2><p data-confirm-detail></p>
    <button data-confirm-yes data-default="Continue"></button></dialog>`;
});

test("saying yes sends the request", () => {
  const asked = question();
  ask(asked);
  dialog().close("yes");
  expect(asked.issueRequest).toHaveBeenCalledOnce();
  expect(asked.dropRequest).not.toHaveBeenCalled();
});

test("every other way out drops it, so nothing waits behind it", () => {
  const asked = question();
  ask(asked);
  dialog().close();
  expect(asked.dropRequest).toHaveBeenCalledOnce();
});

test("the button says what it does, in its colour", () => {
  ask(question({ confirmTone: "danger", confirmYes: "Delete" }));
  expect(yes().textContent).toBe("Delete");
  expect(yes().dataset.variant).toBe("danger-fill");
  ask(question());
  expect(yes().textContent).toBe("Continue");
  expect(yes().dataset.variant).toBe("primary");
});
