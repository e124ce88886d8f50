// The side columns can be folded away; which ones is remembered in this browser. On a phone the
// preview is a sheet that starts closed.

type Panel = "steps" | "preview";

const KEY = "privexbot:panels";
const narrow = matchMedia("(max-width: 63.99rem)");

function remembered(): Partial<Record<Panel, string>> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Record<Panel, string>>;
  } catch {
    return {};
  }
}

export class Panels {
  private readonly columns = document.querySelector<HTMLElement>(".builder-columns");

  constructor() {
    for (const button of document.querySelectorAll<HTMLElement>("[data-toggles]")) {
      button.addEventListener("click", () => this.toggle(button.dataset["toggles"] as Panel));
    }
    this.restore();
    narrow.addEventListener("change", () => this.restore());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && narrow.matches && !event.defaultPrevented) this.set("preview", false);
    });
  }

  toggle(panel: Panel): void {
    this.set(panel, !this.isOpen(panel));
    if (narrow.matches) return;
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...remembered(), [panel]: this.state(panel) }));
    } catch {
      // Without storage the panels start open next time.
    }
  }

  isOpen(panel: Panel): boolean {
    return this.state(panel) === "open" || (!narrow.matches && this.state(panel) !== "closed");
  }

  private state(panel: Panel): string | undefined {
    return this.columns?.dataset[panel];
  }

  private restore(): void {
    for (const panel of ["steps", "preview"] as const) {
      this.set(panel, !narrow.matches && remembered()[panel] !== "closed");
    }
  }

  private set(panel: Panel, open: boolean): void {
    if (!this.columns) return;
    this.columns.dataset[panel] = open ? "open" : "closed";
    for (const button of document.querySelectorAll(`[data-toggles="${panel}"]`)) {
      button.setAttribute("aria-expanded", String(open));
    }
    const element = this.columns.querySelector<HTMLElement>(`.builder-${panel}`);
    if (element) element.inert = !open;
  }
}
