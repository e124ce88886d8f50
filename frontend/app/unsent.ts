// What is typed into a form that is sent as a whole, in fields with [data-unsent=<key>]: kept for
// this tab until it is sent, so that a reload or another step loses nothing.
import { on, onContent } from "./page";

const FIELDS = "textarea[data-unsent], input[data-unsent]";
type Field = HTMLTextAreaElement | HTMLInputElement;

const keyOf = (field: Field): string => `unsent:${location.pathname}:${field.dataset["unsent"]}`;

function keep(field: Field): void {
  try {
    sessionStorage.setItem(keyOf(field), field.value);
  } catch {
    // Forbidden or full: it is still on the page.
  }
}

function restore(field: Field): void {
  if (field.dataset["restored"] === field.dataset["unsent"]) return;
  field.dataset["restored"] = field.dataset["unsent"] ?? "";
  try {
    const kept = sessionStorage.getItem(keyOf(field));
    if (!kept || kept === field.value) return;
    field.value = kept;
    field.closest("details")?.setAttribute("open", "");
  } catch {
    // Forbidden: nothing was kept.
  }
}

function forget(keys: Iterable<string>): void {
  for (const key of keys) sessionStorage.removeItem(key);
}

/** A form may have buttons that do something else than send what was typed. */
function sent(form: HTMLElement, event: SubmitEvent): void {
  const { name, value } = (event.submitter ?? {}) as Partial<HTMLButtonElement>;
  if (name === "op" && value !== "write") return;
  const fields = [...(form as HTMLFormElement).elements].filter((each) => each.matches(FIELDS)) as Field[];
  forget(fields.map(keyOf));
}

export function unsent(): void {
  on("input", FIELDS, (field) => keep(field as Field));
  on<SubmitEvent>("submit", "form", sent);
  on("submit", "form[data-sign-out]", () => forget(Object.keys(sessionStorage).filter((key) => key.startsWith("unsent:"))));
  onContent((root) => root.querySelectorAll<Field>(FIELDS).forEach(restore));
}
