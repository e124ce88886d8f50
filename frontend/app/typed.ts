// What is typed into a form that is sent as a whole, in fields with [data-kept-as=<name>]: kept for
// this tab until the server has it, so that a reload or another step loses nothing.
import { on, onContent } from "./page";
import type { RequestContext } from "./requests";

const FIELDS = "[data-kept-as]";
type Field = HTMLTextAreaElement | HTMLInputElement;

const keyOf = (field: Field): string => location.pathname + field.dataset["keptAs"];

function keep(field: Field): void {
  try {
    sessionStorage[keyOf(field)] = field.value;
  } catch {
    // It is full: the text is on the page alone.
  }
}

function restore(field: Field): void {
  const kept = sessionStorage[keyOf(field)] as string | undefined;
  if (!kept || kept === field.value) return;
  field.value = kept;
  field.closest("details")?.setAttribute("open", "");
}

/** The server has it, unless the button did something else with the form. */
function answered(event: Event): void {
  const { response, sourceElement, sourceEvent } = (event as CustomEvent<{ ctx: RequestContext }>).detail.ctx;
  if (response!.status >= 400 || (sourceEvent as SubmitEvent | undefined)?.submitter?.matches("[data-keeps-typed]")) return;
  for (const each of (sourceElement as Partial<HTMLFormElement>).elements ?? []) {
    if (each.matches(FIELDS)) delete sessionStorage[keyOf(each as Field)];
  }
}

export function typed(): void {
  on("input", FIELDS, keep as (field: HTMLElement) => void);
  on("submit", "[data-sign-out]", () => sessionStorage.clear());
  document.addEventListener("htmx:after:request", answered);
  onContent((root) => root.querySelectorAll<Field>(FIELDS).forEach(restore));
}
