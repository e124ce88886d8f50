// The message above the launcher, and the text beside it.
import type { Invitation, Launch } from "./types";

type Attributes = Record<string, string>;

function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes, ...children: (Node | string)[]) {
  const element = document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]!);
  element.append(...children);
  return element;
}

/** The text beside the launcher; it opens the chat as the launcher does. */
export function label(text: string, click: () => void): HTMLElement {
  // Readers hear the launcher, which says the same.
  const made = el("button", { class: "label", type: "button", tabindex: "-1", dir: "auto", "aria-hidden": "true" }, text);
  made.addEventListener("click", click);
  return made;
}

/** What can be done with a message. */
export interface Answers {
  follow(): void;
  reply(text: string): void;
  dismiss(): void;
}

/** A message with its quick replies. What is put into `said` afterwards is read aloud, politely. */
export function bubble({ text, quick_replies }: Invitation, { strings }: Launch, answers: Answers) {
  const said = el("span", { dir: "auto" });
  const open = el("button", { class: "said", type: "button" }, said);
  const close = el("button", { class: "dismiss", type: "button", title: strings.dismiss, "aria-label": strings.dismiss }, "×");
  const replies = quick_replies.map((reply) => {
    const button = el("button", { class: "reply", type: "button", dir: "auto" }, reply);
    button.addEventListener("click", () => answers.reply(reply));
    return button;
  });
  const made = el("div", { class: "invitation", role: "status", "aria-atomic": "false" }, close, open, ...(replies.length ? [el("div", { class: "replies" }, ...replies)] : []));
  open.addEventListener("click", answers.follow);
  close.addEventListener("click", answers.dismiss);
  made.addEventListener("keydown", (event) => {
    if (event.key === "Escape") answers.dismiss();
  });
  return { made, show: () => void (said.textContent = text) };
}
