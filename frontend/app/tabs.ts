// Tabs of one page: arrows move and choose; the address keeps the tab, so a reload shows it again.
import { byId, on } from "./page";

const tabsOf = (tab: HTMLElement) => [
  ...(tab.closest("[role=tablist]")?.querySelectorAll<HTMLElement>("[role=tab]") ?? []),
];

export function choose(tab: HTMLElement): void {
  for (const each of tabsOf(tab)) {
    const chosen = each === tab;
    each.setAttribute("aria-selected", String(chosen));
    each.tabIndex = chosen ? 0 : -1;
    const panel = byId(each.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !chosen;
  }
}

function step(tab: HTMLElement, key: string): HTMLElement | undefined {
  const all = tabsOf(tab);
  const at = all.indexOf(tab);
  const moves: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
  const to = moves[key];
  return to === undefined ? undefined : all.at(to % all.length);
}

export function tabs(): void {
  on("click", "[role=tab]", choose);
  on<KeyboardEvent>("keydown", "[role=tab]", (tab, event) => {
    const to = step(tab, event.key);
    if (!to) return;
    event.preventDefault();
    choose(to);
    to.focus();
  });
}
