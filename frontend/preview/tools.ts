// The tools around the live preview: the chat in it is the public widget itself.
import { called, setHere, widget } from "./calls";

/** What the builder tells of itself. */
export interface Builder {
  saving: { flush(): void; readonly outbox: { readonly dirty: boolean } };
  /** Says why something did not work; without words, that the server was not reached. */
  failed(words?: string): void;
  /** What the widget has said of its session by now. */
  opened(): Opened | undefined;
}

export function connectPreview({ saving, failed, opened }: Builder): void {
  const element = document.getElementById("preview");
  if (element) {
    followProfile(element, () => !saving.outbox.dirty, opened());
    // Who goes there is about to ask: the answer is to be that of what was just typed.
    element.addEventListener("focusin", () => saving.flush());
  }
  const tools: Record<string, (pressed: HTMLElement) => void> = {
    reset: () => widget()?.fresh(),
    "new-user": () => widget()?.reset(),
    share: () => void share(element?.dataset ?? {}, failed),
    language: (pressed) => element && speak(element, pressed),
  };
  document.addEventListener("click", (event) => {
    // The second click of two may be meant for what lay there before: it opened the preview.
    if (event.detail > 1) return;
    const pressed = (event.target as Element).closest<HTMLElement>("[data-preview]");
    if (pressed) tools[pressed.dataset["preview"]!]?.(pressed);
  });
}

/** The language in which the preview is shown: that of the page, unless another one was chosen. */
const languageOf = ({ dataset }: HTMLElement): string => dataset["lang"] || document.documentElement.lang;

/** Show the preview as visitors of a language see it; pressed again, as it was before. */
function speak(element: HTMLElement, pressed: HTMLElement): void {
  const chosen = pressed.ariaPressed === "true" ? "" : pressed.dataset["language"]!;
  for (const each of document.querySelectorAll<HTMLElement>('[data-preview="language"]')) each.ariaPressed = `${each.dataset["language"] === chosen}`;
  element.dataset["lang"] = chosen;
  // A widget speaks one language as long as it lives: a place that was away gets another one.
  const { parentElement: stage, nextSibling: next } = element;
  element.remove();
  widget()?.mount();
  stage?.insertBefore(element, next);
  widget()?.mount();
}

/** What the widget's session says of the look, and of what is asked before the chat. */
interface Opened {
  session_id: string;
  profile: Record<string, unknown>;
  collect_needed: boolean;
  lead_needed: boolean;
}

/** Keeps the preview's look and what it asks before the chat as the draft says: what is changed on
 * other steps or elsewhere has no box here that `look.ts` could paint from. Nothing older is shown
 * while something typed is not `settled`. */
function followProfile(element: HTMLElement, settled: () => boolean, opened?: Opened): void {
  let session = "";
  let form = "";
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const formOf = ({ profile: { collect, lead } }: Opened): string => JSON.stringify([collect, lead]);
  const look = async (): Promise<void> => {
    if (!session || !settled()) return;
    const turn = ++asked;
    const opened = await called<Opened>(`${element.dataset["endpoint"]}/session`, session, { variables: setHere(element), language: languageOf(element) });
    if (turn !== asked || opened?.session_id !== session || !settled()) return;
    const { profile, collect_needed, lead_needed } = opened;
    const detail: Record<string, unknown> = { ...profile, collect_needed, lead_needed };
    // The form is drawn anew for what it asks: what was entered into it would go.
    if (form === (form = formOf(opened))) delete detail["collect"];
    element.dispatchEvent(new CustomEvent("privexbot:profile", { detail, bubbles: true }));
  };
  const ready = (now: Opened): void => {
    element.dataset["session"] = session = now.session_id;
    const shown = document.querySelector<HTMLInputElement>("#preview-session");
    if (shown) shown.value = session;
    form = formOf(now);
  };
  if (opened) ready(opened);
  element.addEventListener("privexbot:ready", (event) => ready((event as CustomEvent<Opened>).detail));
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), 300);
  };
  document.addEventListener("draft:saved", soon);
  element.addEventListener("preview:set", soon);
}

interface Shared {
  url?: string;
  detail?: string;
}

async function share({ endpoint, session = "" }: DOMStringMap, failed: (words?: string) => void): Promise<void> {
  const shared = await called<Shared>(`${endpoint}/share`, session);
  const dialog = document.querySelector<HTMLDialogElement>("#share-preview");
  const box = dialog?.querySelector<HTMLInputElement>("input");
  if (!shared?.url || !box) return failed(shared?.detail);
  box.value = shared.url;
  dialog?.showModal();
  box.select();
}
