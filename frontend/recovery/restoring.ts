// The draft is gone from the server: what this browser has of it can become a new draft. What never
// reached the server is left for the new draft's builder, which sends it like everything that a
// closed page left behind: as often as it takes, and telling what is refused.
import { browserStore } from "../builder/browser";
import { csrfToken } from "../app/cookies";
import { copyAt, copyKey } from "./copy";
import { rebased } from "../builder/outbox";
import { Keeper, type Left } from "../builder/storage";

/** Makes the panel's button work; `left` gives what never reached the server. Returns a function
 * that shows in the panel whether there is a copy. */
export function offerRestoring(user: string, draft: string, left: () => Left): () => void {
  const copy = (): string | null => copyAt(copyKey(user, draft));
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-restore]");
    const text = button && copy();
    if (button && text) void restore(button, user, text, left);
  });
  return () => {
    for (const part of document.querySelectorAll<HTMLElement>("[data-has-copy]")) {
      part.hidden = (part.dataset["hasCopy"] === "yes") !== (copy() !== null);
    }
  };
}

async function restore(button: HTMLButtonElement, user: string, copy: string, left: () => Left): Promise<void> {
  button.disabled = true;
  tell(null);
  const made = await make(button.dataset["restore"] ?? "", copy);
  button.disabled = false;
  if (!("url" in made)) return tell(made.detail ?? "");
  const { contents, forget } = left();
  const next = new Keeper(browserStore, `${user}:${made.draft}`, "restored");
  if (!next.leave(rebased(contents, made.version))) return tell("");
  forget();
  location.assign(made.url);
}

/** Say below the button that it did not work, and why if that is known; null takes it back. */
function tell(reason: string | null): void {
  const note = document.querySelector<HTMLElement>("[data-not-restored]");
  if (!note) return;
  note.hidden = reason === null;
  note.querySelector("span")!.textContent = reason || note.dataset["notRestored"]!;
}

interface Made {
  url: string;
  draft: string;
  version: number;
}

/** The new draft, or why there is none in the server's words. */
async function make(url: string, copy: string): Promise<Made | { detail?: string }> {
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true", Accept: "application/json" };
  const body = new URLSearchParams({ document: copy });
  const answer = await fetch(url, { method: "POST", body, headers }).catch(() => null);
  return ((await answer?.json().catch(() => null)) ?? {}) as Made | { detail?: string };
}
