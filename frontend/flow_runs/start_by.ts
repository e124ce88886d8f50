// Starting the flow as its webhook or its schedule would, in the session of the preview. Tells of
// what happens in the events that the chat tells of its own messages.
import { json } from "../builder/config";
import { Refusal, events } from "./calls";

const place = (): HTMLFormElement | null => document.querySelector<HTMLFormElement>("#start-by");

/** The kinds of starts that the flow has, as the server told last. */
function starts(form: HTMLFormElement): string[] {
  const told = json<{ starts?: string[] }>("canvas-state")?.starts;
  return told ?? (form.dataset["starts"] ?? "").split(" ");
}

function showStarts(): void {
  const form = place();
  if (!form) return;
  const all = starts(form);
  const there = all.filter((kind) => kind && kind !== "chat_message");
  const choice = form.querySelector("select")!;
  for (const option of choice.options) option.hidden = option.disabled = !there.includes(option.value);
  if (choice.selectedOptions[0]?.disabled ?? true) choice.value = there[0] ?? "";
  form.hidden = !there.length;
  document.getElementById("no-chat")!.hidden = all.includes("chat_message");
  form.querySelector<HTMLElement>("[data-of-webhook]")!.hidden = choice.value !== "webhook";
}

async function start(form: HTMLFormElement): Promise<void> {
  const trigger = form.querySelector("select")!.value;
  const box = form.querySelector("textarea")!;
  const body = trigger === "webhook" ? parsed(box.value) : null;
  box.setAttribute("aria-invalid", String(body === undefined));
  if (body === undefined) return say(form, form.dataset["noJson"] ?? "", true);
  const button = form.querySelector("button")!;
  button.disabled = true;
  say(form, "");
  tell("message", { role: "user" });
  try {
    await run(form, { trigger, ...(trigger === "webhook" && { payload: { body } }) });
  } finally {
    button.disabled = false;
  }
}

async function run(form: HTMLFormElement, beginning: object): Promise<void> {
  const session = document.getElementById("preview")?.dataset["session"];
  let words: string | undefined;
  try {
    for await (const [event, detail] of events(form.action, { ...beginning, ...(session && { session_id: session }) })) {
      tell(event, detail as object);
      words = (detail as { message?: string }).message;
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tell("error", {});
    return say(form, error.message || (form.dataset["failed"] ?? ""), true);
  }
  say(form, words || (form.dataset["silent"] ?? ""));
}

const tell = (name: string, detail: object): boolean => document.dispatchEvent(new CustomEvent(`privexbot:${name}`, { detail }));

function say(form: HTMLFormElement, words: string, isWrong = false): void {
  const place = form.querySelector("output")!;
  place.textContent = words;
  place.className = isWrong ? "run-error" : "";
}

/** What the box holds; undefined where it is no JSON. */
function parsed(text: string): unknown {
  if (!text.trim()) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form !== place()) return;
  event.preventDefault();
  void start(form);
});
document.addEventListener("change", (event) => {
  if (place()?.contains(event.target as Node)) showStarts();
});
for (const name of ["draft:saved", "htmx:after:swap"]) document.addEventListener(name, showStarts);
showStarts();
