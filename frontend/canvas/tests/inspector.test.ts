// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";
import { Inspector } from "../inspector";

let isReached = true;

/** Brings the form of the node at the end of `url`, where the server is reached. */
const ajax = (_method: string, url: string, { target }: { target: string }): Promise<void> => {
  if (isReached) document.querySelector(target)!.innerHTML = `<div data-node="${url.split("/").at(-1)}"></div>`;
  return isReached ? Promise.resolve() : Promise.reject(new TypeError("Failed to fetch"));
};

const place = (): HTMLElement => document.querySelector("#inspector")!;
const shown = (): string | undefined => place().querySelector<HTMLElement>("[data-node]")?.dataset["node"];

beforeEach(() => {
  document.body.innerHTML = `<div id="canvas"></div><aside id="inspector"></aside>
    <template id="node-unreached"><p>Not reached</p><button>Try again</button></template>`;
  Object.assign(window, { htmx: { ajax } });
  isReached = true;
});

it("says that another node's settings did not come, until they do", async () => {
  const inspector = new Inspector(document.querySelector("#canvas")!, "/nodes/__node__", () => true);
  inspector.show("llm1");
  await vi.waitFor(() => expect(shown()).toBe("llm1"));
  isReached = false;
  inspector.show("llm2");
  await vi.waitFor(() => expect(place().textContent).toContain("Not reached"));
  expect(shown()).toBeUndefined();
  isReached = true;
  place().querySelector("button")!.click();
  await vi.waitFor(() => expect(shown()).toBe("llm2"));
});
