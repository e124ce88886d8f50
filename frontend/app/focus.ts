// After a refused form the focus goes to the list of errors; ?focus=<field> leads to a field.

/** Lead to `field`: unfold what hides it, scroll to it, focus it, and mark it for two seconds. */
export function lead(field: HTMLElement): void {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) {
    fold.open = true;
  }
  const marked = field.closest<HTMLElement>(".field, .switch, .choice") ?? field;
  marked.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
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
