// The tools around the live preview: the chat in it is the public widget itself.
import { csrfToken } from "../app/cookies";

interface Widget {
  fresh(): void;
  reset(): void;
  /** Rejects with the server's words, where it has a `status`. */
  identify(who: { variables: Record<string, string> }): Promise<void>;
}

const widget = (): Widget | null => (window.PrivexBot as Widget | undefined) ?? null;

/** `failed` says why something did not work; without words, that the server was not reached. */
export function connectPreview(failed: (words?: string) => void): void {
  const element = document.getElementById("preview");
  let session = "";
  document.addEventListener("privexbot:ready", (event) => {
    session = (event as CustomEvent<{ session_id: string }>).detail.session_id;
  });
  if (element) followWhatIsAsked(element);
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
    const variables = Object.fromEntries(given) as Record<string, string>;
    const refused = ({ status, message }: Error & { status?: number }): void => failed(status ? message : undefined);
    void widget()?.identify({ variables }).catch(refused);
    form.closest("dialog")?.close();
  });
}

/** What the widget's session says of what is asked before the chat. */
interface Opened {
  session_id: string;
  messages: unknown[];
  profile: { collect: unknown; lead: unknown };
  collect_needed: boolean;
  lead_needed: boolean;
}

/** Keeps the preview's form before the chat as the draft says, while nothing was said yet. */
function followWhatIsAsked(element: HTMLElement): void {
  let session = "";
  let shown = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const asked = ({ profile, collect_needed, lead_needed }: Opened): object => ({
    ...{ collect: profile.collect, lead: profile.lead },
    ...{ collect_needed, lead_needed },
  });
  const look = async (): Promise<void> => {
    const opened = session && (await called<Partial<Opened>>(`${element.dataset["endpoint"]}/session`, session));
    if (!opened || !opened.profile || opened.session_id !== session) return;
    const detail = asked(opened as Opened);
    if (JSON.stringify(detail) === shown) return;
    shown = JSON.stringify(detail);
    element.dispatchEvent(new CustomEvent("privexbot:profile", { detail, bubbles: true }));
  };
  element.addEventListener("privexbot:ready", (event) => {
    const opened = (event as CustomEvent<Opened>).detail;
    session = opened.messages.length ? "" : opened.session_id;
    shown = JSON.stringify(asked(opened));
  });
  element.addEventListener("privexbot:message", () => (session = ""));
  document.addEventListener("draft:saved", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), 300);
  });
}

/** What a call in the preview's session gives; null when it could not be made. */
async function called<T>(url: string, session_id: string): Promise<T | null> {
  const headers = { "X-CSRFToken": csrfToken(), "Content-Type": "application/json" };
  const body = JSON.stringify({ session_id });
  const answer = await fetch(url, { method: "POST", headers, body }).catch(() => null);
  return ((await answer?.json().catch(() => null)) ?? null) as T | null;
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
  const shared = await called<Shared>(`${endpoint}/share`, session_id);
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
