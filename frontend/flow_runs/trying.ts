// One node run alone, from its settings beside the canvas.
import { duration } from "../app/duration";
import { Refusal, json } from "./calls";
import { button, element } from "./elements";
import { details } from "./log";
import { tellPinned } from "./pins";
import type { Step } from "./types";

type Tried = Step & { can_be_pinned: boolean };

/** Runs the node of the section that was asked to, when what is typed is saved. */
export function followTrying(): void {
  document.addEventListener("builder:ready", (event) => {
    const section = (event.target as HTMLElement).closest<HTMLElement>("[data-try-node]");
    if (section) void tryNode(section);
  }, true);
  // Events of this kind do not bubble.
  document.addEventListener("toggle", (event) => {
    const opened = (event.target as HTMLElement).closest<HTMLDetailsElement>("[data-try-node] details");
    if (opened?.open) void read(opened.closest<HTMLElement>("[data-try-node]")!);
  }, true);
  document.addEventListener("click", (event) => {
    const pressed = (event.target as HTMLElement).closest<HTMLElement>("[data-unpin-node]");
    const section = pressed?.closest<HTMLElement>("[data-try-node]");
    if (section) void pinned(section, "DELETE");
  });
}

/** Fill the box with what the last run had, unless somebody wrote into it. */
async function read(section: HTMLElement): Promise<void> {
  const box = section.querySelector("textarea")!;
  await trying(section, async () => {
    const { known } = await json<{ known: unknown }>(`${section.dataset["tryNode"]}/reads`);
    if (box.value === box.dataset["filled"] || !box.value) box.value = box.dataset["filled"] = JSON.stringify(known, null, 2);
  });
}

async function tryNode(section: HTMLElement): Promise<void> {
  const words = section.dataset;
  const box = section.querySelector("textarea")!;
  const shown = section.querySelector<HTMLElement>("output")!;
  let known: unknown;
  try {
    known = JSON.parse(box.value || "{}");
  } catch {
    return shown.replaceChildren(element("p", "run-error", words["noJson"]));
  }
  shown.replaceChildren(element("p", "muted", words["running"]));
  await trying(section, async () => {
    const step = await json<Tried>(`${words["tryNode"]}/try`, "POST", { known });
    const time = element("p", "muted", step.duration_ms === undefined ? "" : duration(step.duration_ms));
    const error = step.error ? [element("p", "run-error", step.error)] : [];
    shown.replaceChildren(time, ...error, ...details(step, words), ...(step.can_be_pinned ? [pinning(section)] : []));
  });
  shown.scrollIntoView({ block: "nearest" });
}

/** Keeps what the node gave just now, and then takes that back. */
function pinning(section: HTMLElement): HTMLElement {
  const made = button(section.dataset["pin"] ?? "", () => void pinned(section, made.dataset["isPinned"] ? "DELETE" : "PUT"));
  made.dataset["isPinned"] = "";
  return made;
}

async function pinned(section: HTMLElement, method: "PUT" | "DELETE"): Promise<void> {
  const body = method === "PUT" ? { tried: true } : undefined;
  await trying(section, async () => {
    const url = section.dataset["tryNode"]!;
    await json(`${url}/pin`, method, body);
    tellPinned(url.split("/").at(-1)!, method === "PUT");
  });
}

async function trying(section: HTMLElement, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const words = error.message || section.dataset["unreached"];
    section.querySelector("output")!.replaceChildren(element("p", "run-error", words));
  }
}
