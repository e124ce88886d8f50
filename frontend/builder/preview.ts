// The tools around the live preview: the chat in it is the public widget itself.
import { csrfToken } from "../app/cookies";

interface Widget {
  fresh(): void;
  reset(): void;
  identify(who: { variables: Record<string, string> }): void;
}

const widget = (): Widget | null => (window.PrivexBot as Widget | undefined) ?? null;

/** `failed` says why something did not work; without words, that the server was not reached. */
export function connectPreview(failed: (words?: string) => void): void {
  const element = document.getElementById("preview");
  let session = "";
  document.addEventListener("privexbot:ready", (event) => {
    session = (event as CustomEvent<{ session_id: string }>).detail.session_id;
  });
  const tools: Record<string, () => void> = {
    reset: () => widget()?.fresh(),
    "new-user": () => widget()?.reset(),
    share: () => void share(element?.dataset["endpoint"] ?? "", session, failed),
  };
  document.addEventListener("click", (event) => {
    const tool = (event.target as Element).closest<HTMLElement>("[data-preview]")?.dataset["preview"];
    if (tool) tools[tool]?.();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.id !== "preview-variables") return;
    event.preventDefault();
    const given = [...new FormData(form)].filter(([, value]) => typeof value === "string" && value);
    widget()?.identify({ variables: Object.fromEntries(given) as Record<string, string> });
    form.closest("dialog")?.close();
  });
}

interface Shared {
  url?: string;
  detail?: string;
}

async function share(
  endpoint: string,
  session_id: string,
  failed: (words?: string) => void,
): Promise<void> {
  const headers = { "X-CSRFToken": csrfToken(), "Content-Type": "application/json" };
  const body = JSON.stringify({ session_id });
  const answer = await fetch(`${endpoint}/share`, { method: "POST", headers, body }).catch(() => null);
  const shared = (await answer?.json().catch(() => null)) as Shared | null | undefined;
  const dialog = document.querySelector<HTMLDialogElement>("#share-preview");
  const box = dialog?.querySelector<HTMLInputElement>("input");
  if (!shared?.url || !box) return failed(shared?.detail);
  box.value = shared.url;
  dialog?.showModal();
  box.select();
}

declare global {
  interface Window {
    PrivexBot?: unknown;
  }
}
