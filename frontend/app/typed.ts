// What is typed into a form that is sent as a whole, in fields with [data-kept-as=<name>]: kept for
// this tab until the server has it, so that a reload or another step loses nothing.
import { on, onContent } from "./page";
import type { RequestContext } from "./requests";

const FIELDS = "textarea[data-kept-as], input[data-kept-as]";
const PREFIX = "typed:";
type Field = HTMLTextAreaElement | HTMLInputElement;

/** What each form that is on its way has kept. */
const sending = new WeakMap<Element, string[]>();

const nameOf = (field: Field): string => field.dataset["keptAs"] ?? "";
const keyOf = (field: Field): string => `${PREFIX}${location.pathname}:${nameOf(field)}`;

/** The storage may be forbidden or full: then what was typed is on the page alone. */
function tried<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

function keep(field: Field): void {
  tried((storage) => storage.setItem(keyOf(field), field.value));
}

function restore(field: Field): void {
  if (field.dataset["restored"] === nameOf(field)) return;
  field.dataset["restored"] = nameOf(field);
  const kept = tried((storage) => storage.getItem(keyOf(field)));
  if (!kept || kept === field.value) return;
  field.value = kept;
  field.closest("details")?.setAttribute("open", "");
}

function forget(keys: readonly string[]): void {
  tried((storage) => keys.forEach((key) => storage.removeItem(key)));
}

function forgetAll(): void {
  forget(tried((storage) => Object.keys(storage).filter((key) => key.startsWith(PREFIX))) ?? []);
}

function sent(form: HTMLElement, event: SubmitEvent): void {
  sending.delete(form);
  if (event.submitter?.hasAttribute("data-keeps-typed")) return;
  const fields = [...(form as HTMLFormElement).elements].filter((each) => each.matches(FIELDS));
  sending.set(form, fields.map((field) => keyOf(field as Field)));
}

function answered(event: Event): void {
  const { ctx } = (event as CustomEvent<{ ctx?: RequestContext }>).detail;
  const status = ctx?.response?.status ?? 0;
  if (status >= 200 && status < 400) forget(sending.get(ctx!.sourceElement) ?? []);
}

export function typed(): void {
  on("input", FIELDS, (field) => keep(field as Field));
  on<SubmitEvent>("submit", "form", sent);
  on("submit", "form[data-sign-out]", forgetAll);
  document.addEventListener("htmx:after:request", answered);
  onContent((root) => root.querySelectorAll<Field>(FIELDS).forEach(restore));
}
