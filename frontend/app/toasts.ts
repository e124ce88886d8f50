// Short notices at the foot of the page. They wait while the pointer or the focus is on them;
// errors and warnings stay until they are dismissed.
import { byId, on } from "./page";

export interface Toast {
  text: string;
  tone?: "green" | "amber" | "red" | "";
  action?: string;
  url?: string;
  method?: string;
  run?: () => void;
  /** Of notices of one topic only the newest is shown. */
  topic?: string;
}

const STAYS = 6000;

function leaveLater(toast: HTMLElement): void {
  if (/red|amber/.test(toast.dataset.tone!)) return;
  let timer = 0;
  const start = () => (timer = window.setTimeout(() => toast.remove(), STAYS));
  const stop = () => window.clearTimeout(timer);
  for (const type of ["mouseenter", "focusin"]) toast.addEventListener(type, stop);
  for (const type of ["mouseleave", "focusout"]) toast.addEventListener(type, start);
  start();
}

function actionOf({ url, method = "post", run }: Toast): () => void {
  if (run) return run;
  return () => void window.htmx.ajax(method.toUpperCase(), url ?? location.href, { swap: "none" });
}

function addAction(toast: HTMLElement, notice: Toast): void {
  const button = toast.querySelector<HTMLButtonElement>(".toast-action");
  if (!button || !notice.action) return;
  button.hidden = false;
  button.textContent = notice.action;
  button.addEventListener("click", () => {
    toast.remove();
    actionOf(notice)();
  });
}

/** Only what entered the top layer last is seen above an open dialog. */
function rise(region: HTMLElement): void {
  region.hidePopover();
  region.showPopover();
}

/** The newest notice says how things are now: an error that stays does not contradict it. Notices
 * with something to press, such as Undo, are kept. */
function outdated(region: HTMLElement): void {
  for (const toast of region.querySelectorAll("[data-toast]:not(:has(.toast-action:not([hidden])))")) {
    toast.remove();
  }
}

export function show(notice: Toast): HTMLElement | null {
  const region = byId("toasts");
  const template = byId<HTMLTemplateElement & HTMLElement>("toast-template");
  const toast = template?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
  if (!region || !toast) return null;
  if (notice.topic) {
    region.querySelector(`[data-topic="${CSS.escape(notice.topic)}"]`)?.remove();
    toast.dataset.topic = notice.topic;
  }
  toast.dataset.tone = notice.tone ?? "";
  toast.querySelector("p")!.textContent = notice.text;
  addAction(toast, notice);
  outdated(region);
  region.append(toast);
  rise(region);
  if (notice.tone === "red") toast.setAttribute("role", "alert");
  leaveLater(toast);
  return toast;
}

export function toasts(): void {
  const region = byId("toasts");
  for (const toast of region?.querySelectorAll<HTMLElement>("[data-toast]") ?? []) {
    leaveLater(toast);
  }
  on("click", "[data-toast] [data-dismiss]", (button) => button.closest("[data-toast]")?.remove());
  on("click", "[data-toast-text]", ({ dataset }) =>
    show({ text: dataset.toastText ?? "", action: dataset.toastAction ?? "", run: () => {} }),
  );
  document.addEventListener("toast", (event) => show((event as CustomEvent<Toast>).detail));
}
