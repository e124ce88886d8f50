// After a refused form the focus goes to the list of errors; ?focus=<field> leads to a field.

function lead(field: HTMLElement): void {
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
  const marked = field.closest<HTMLElement>(".field, .switch, .choice") ?? field;
  marked.classList.add("found");
  window.setTimeout(() => marked.classList.remove("found"), 2000);
}

/** Focus the control called `name`; nothing when it is not on the page. */
export function leadTo(name: string): void {
  const escaped = CSS.escape(name);
  const field = document.querySelector<HTMLElement>(`[name="${escaped}"]:not([type=hidden]), [id="id_${escaped}"]`);
  if (field) lead(field);
}

export function focusWhatMatters(root: ParentNode): void {
  const summary = root.querySelector<HTMLElement>("[data-focus]:not([data-focused])");
  if (!summary) return;
  summary.dataset.focused = "true";
  summary.focus();
}

export function leading(): void {
  const name = new URLSearchParams(location.search).get("focus");
  if (name) leadTo(name);
}
