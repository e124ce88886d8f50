// A table wider than its frame can be scrolled by keyboard, and says what it is.

function reach(frame: HTMLElement): void {
  const hidden = frame.scrollWidth > frame.clientWidth + 1;
  if (!hidden) {
    for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
    return;
  }
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", frame.querySelector("caption")?.textContent?.trim() || document.title);
}

export function dressTables(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>(".table-wrap").forEach(reach);
}

export function tables(): void {
  window.addEventListener("resize", () => dressTables(document));
}
