// hx-confirm asks in our own dialog. The answer is always given, also when the dialog is dismissed:
// an unanswered question would hold the request's place in its queue.
//
// hx-confirm holds the question; data-confirm-detail a sentence below it, data-confirm-yes the words
// of the button, data-confirm-tone="danger" its colour.
import { openDialog } from "./dialogs";
import { byId } from "./page";

interface Question {
  ctx: { confirm: string; sourceElement: HTMLElement };
  issueRequest: () => void;
  dropRequest: () => void;
}

function fill(dialog: HTMLDialogElement, { ctx }: Question): void {
  const { confirmDetail = "", confirmYes, confirmTone } = ctx.sourceElement.dataset;
  const find = <T extends HTMLElement>(selector: string) => dialog.querySelector<T>(selector)!;
  find("#confirm-text").textContent = ctx.confirm;
  find("[data-confirm-detail]").textContent = confirmDetail;
  find("[data-confirm-detail]").hidden = !confirmDetail;
  const yes = find<HTMLButtonElement>("[data-confirm-yes]");
  yes.textContent = confirmYes ?? (yes.dataset.default || "");
  yes.dataset.variant = confirmTone === "danger" ? "danger-fill" : "primary";
}

export function ask(question: Question): void {
  const dialog = byId<HTMLDialogElement>("confirm");
  if (!dialog) return question.dropRequest();
  fill(dialog, question);
  dialog.returnValue = "";
  dialog.addEventListener(
    "close",
    () => (dialog.returnValue === "yes" ? question.issueRequest() : question.dropRequest()),
    { once: true },
  );
  openDialog(dialog);
}

export function confirms(): void {
  document.addEventListener("htmx:confirm", (event) => {
    const question = (event as CustomEvent<Question>).detail;
    if (!question.ctx.confirm) return;
    event.preventDefault();
    ask(question);
  });
}
