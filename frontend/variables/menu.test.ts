import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { SlashMenu } from "./menu";

let asked = 0;
const server = createServer((_, answer) => {
  if (++asked === 1) return void answer.destroy();
  answer.end(JSON.stringify({ groups: [{ label: "Before it", variables: [{ name: "llm1" }] }], create: "" }));
});

beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(url);
});
afterAll(() => server.close());

it("asks what is known again where the server was not reached", async () => {
  document.body.innerHTML = `<main id="main" data-known="/known/"><textarea data-slash></textarea></main>`;
  new SlashMenu({}, () => undefined);
  const box = document.querySelector("textarea")!;
  box.focus();
  const type = (text: string): void => {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  type("/");
  await vi.waitFor(() => expect(asked).toBe(1));
  await vi.waitFor(() => {
    type(`${box.value}l`.slice(0, 2));
    expect(document.querySelector("#variables-menu")!.textContent).toContain("llm1");
  });
});

it("finds what is typed where a button has opened it", async () => {
  document.body.innerHTML = `<main id="main" data-known="/known/"><textarea id="box" data-slash>Hi </textarea><button data-insert-variable="box"></button></main>`;
  new SlashMenu({}, () => undefined);
  const box = document.querySelector("textarea")!;
  const menu = document.querySelector<HTMLElement>("#variables-menu")!;
  const type = (text: string): void => {
    box.value += text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  box.setSelectionRange(3, 3);
  document.querySelector("button")!.click();
  await vi.waitFor(() => expect(menu.textContent).toContain("llm1"));
  type("ll");
  await vi.waitFor(() => expect(menu.hidden).toBe(false));
  expect(menu.textContent).toContain("llm1");
  type("x");
  await vi.waitFor(() => expect(menu.hidden).toBe(true));
});
