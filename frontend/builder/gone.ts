// The draft is gone from the server: what this browser has of it can become a new draft.
import { csrf } from "./config";
import { copyAt, copyKey, typedValues } from "./copy";
import { encode } from "./encode";
import type { Contents } from "./outbox";
import { newId } from "./autosave";

/** Makes the panel's button work; `typed` is what never reached the server. */
export function offerRestoring(user: string, draft: string, typed: () => Contents): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-restore]");
    if (button) void restore(button, copyKey(user, draft), typed());
  });
  const show = (): void => {
    const panel = document.querySelector<HTMLElement>("[data-gone]");
    if (!panel) return;
    const has = copyAt(copyKey(user, draft)) !== null;
    for (const part of panel.querySelectorAll<HTMLElement>("[data-has-copy]")) {
      part.hidden = (part.dataset["hasCopy"] === "yes") !== has;
    }
  };
  document.addEventListener("builder:gone", show);
  show();
}

async function restore(button: HTMLButtonElement, key: string, typed: Contents): Promise<void> {
  const copy = copyAt(key);
  const url = button.dataset["restore"];
  if (!copy || !url) return;
  button.disabled = true;
  const made = await post(url, new URLSearchParams({ document: copy }));
  if (!made) {
    button.disabled = false;
    return;
  }
  const { url: builder } = (await made.json()) as { url: string };
  const values = typedValues([typed]);
  if (Object.keys(values).length) await post(builder, encode(values, newId()));
  document.dispatchEvent(new CustomEvent("builder:restored"));
  location.assign(builder);
}

async function post(url: string, body: URLSearchParams): Promise<Response | null> {
  const headers = { "X-CSRFToken": csrf(), "HX-Request": "true", Accept: "application/json" };
  const answer = await fetch(url, { method: "POST", body, headers }).catch(() => null);
  return answer && answer.status < 300 && !answer.redirected ? answer : null;
}
