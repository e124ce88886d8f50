import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { connectPreview } from "./tools";

const waiting: ServerResponse[] = [];
const server = createServer((_, answer) => void waiting.push(answer));
const session = (title: string): object => ({ session_id: "s", profile: { title, collect: [], lead: null }, collect_needed: false, lead_needed: false });

beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(url);
});
afterAll(() => server.close());

it("shows the look that was asked for last, whichever answer comes last", async () => {
  document.body.innerHTML = `<div id="preview" data-endpoint="/preview"></div>`;
  const shown: unknown[] = [];
  document.addEventListener("privexbot:profile", (event) => shown.push((event as CustomEvent<{ title: string }>).detail.title));
  const saving = { flush: () => undefined, outbox: { dirty: false } };
  connectPreview({ saving, failed: () => undefined, opened: () => session("at first") as never });
  for (const number of [1, 2]) {
    document.dispatchEvent(new Event("draft:saved"));
    await vi.waitFor(() => expect(waiting).toHaveLength(number), 3000);
  }
  const [first, last] = waiting;
  last!.end(JSON.stringify(session("new")));
  await vi.waitFor(() => expect(shown).toEqual(["new"]));
  first!.end(JSON.stringify(session("old")));
  await new Promise((later) => setTimeout(later, 50));
  expect(shown).toEqual(["new"]);
});
