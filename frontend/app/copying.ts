// Copy buttons: data-copy holds the text, or data-copy-from the id of the element that shows it.
import { byId, on, text } from "./page";
import { show } from "./toasts";

function source(button: HTMLElement): string {
  const from = byId(button.dataset.copyFrom ?? "");
  if (!from) return button.dataset.copy ?? "";
  return from instanceof HTMLInputElement || from instanceof HTMLTextAreaElement
    ? from.value
    : (from.textContent ?? "");
}

/** Without a secure context there is no clipboard object; the old command still works. */
function copyByCommand(words: string): boolean {
  const box = document.createElement("textarea");
  box.value = words;
  box.className = "visually-hidden";
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  return done;
}

async function copy(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyByCommand(words);
  }
}

function mark(button: HTMLElement): void {
  const use = button.querySelector("use");
  const before = use?.getAttribute("href") ?? "";
  if (button.hasAttribute("data-copied")) return;
  button.setAttribute("data-copied", "");
  use?.setAttribute("href", before.replace(/#.*/, "#check"));
  window.setTimeout(() => {
    button.removeAttribute("data-copied");
    use?.setAttribute("href", before);
  }, 1600);
}

export function copying(): void {
  on("click", "[data-copy], [data-copy-from]", (button) => {
    void copy(source(button)).then((done) => {
      if (done) mark(button);
      show({ text: text(done ? "copied" : "not-copied"), tone: done ? "green" : "amber" });
    });
  });
}
