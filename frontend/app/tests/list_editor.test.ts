import { beforeEach, expect, test, vi } from "vitest";
import { dressLists, listEditors } from "../list_editor";

const row = (value: string) => `<div data-row><input name="p" data-label="Prompt" value="${value}">
  <button data-move="up"></button><button data-move="down"></button><button data-remove></button></div>`;

const values = () => [...document.querySelectorAll("input")].map(({ value }) => value);
const press = (selector: string, index = 0) => document.querySelectorAll<HTMLElement>(selector)[index]!.click();

listEditors();

beforeEach(() => {
  document.body.innerHTML = `<form><div data-list-editor data-max="3"><div data-rows>${row("a")}${row("b")}</div>
    <template>${row("")}</template><button type="button" data-add></button></div></form>`;
  dressLists(document);
});

test("a row moves, and the form hears of it", () => {
  const heard = vi.fn();
  document.querySelector("form")!.addEventListener("input", heard);
  press("[data-move=down]");
  expect(values()).toEqual(["b", "a"]);
  expect(heard).toHaveBeenCalledOnce();
});

test("the ends cannot go further", () => {
  const disabled = (selector: string) =>
    [...document.querySelectorAll(selector)].map((button) => button.hasAttribute("disabled"));
  expect(disabled("[data-move=up]")).toEqual([true, false]);
  expect(disabled("[data-move=down]")).toEqual([false, true]);
});

test("a new row is named, focused, and not one too many", () => {
  press("[data-add]");
  const inputs = document.querySelectorAll("input");
  expect(document.activeElement).toBe(inputs[2]);
  expect(inputs[2]!.getAttribute("aria-label")).toBe("Prompt 3");
  expect(document.querySelector("[data-add]")!.hasAttribute("disabled")).toBe(true);
});

test("after a removal the focus stays near", () => {
  press("[data-remove]");
  expect(values()).toEqual(["b"]);
  expect(document.activeElement).toBe(document.querySelector("[data-remove]"));
});
