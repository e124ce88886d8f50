// The tools around the live preview: the chat in it is the public widget itself.
import { csrf } from "./config";

interface Widget {
  reset(stranger?: boolean): void;
  identify(who: { variables: Record<string, string> }): void;
}

const widget = (): Widget | null => (window.PrivexBot as Widget | undefined) ?? null;

export function connectPreview(failed: () => void): void {
  const element = document.getElementById("preview");
  const tools: Record<string, () => void> = {
    reset: () => widget()?.reset(),
    "new-user": () => widget()?.reset(true),
    share: () => void share(element?.dataset["endpoint"] ?? "", failed),
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

async function share(endpoint: string, failed: () => void): Promise<void> {
  const headers = { "X-CSRFToken": csrf(), Accept: "application/json" };
  const answer = await fetch(`${endpoint}/share`, { method: "POST", headers }).catch(() => null);
  const dialog = document.querySelector<HTMLDialogElement>("#share-preview");
  const box = dialog?.querySelector<HTMLInputElement>("input");
  if (!answer?.ok || answer.redirected || !box) return failed();
  box.value = new URL(((await answer.json()) as { url: string }).url, location.href).href;
  dialog?.showModal();
  box.select();
}

declare global {
  interface Window {
    PrivexBot?: unknown;
  }
}
