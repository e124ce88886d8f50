// Moving between steps: links that the server answers with the step's part of the page. Back and
// forward fetch the step of the address.

export function followSteps(shown: (version: number) => void): void {
  document.addEventListener("htmx:after:swap", (event) => {
    const panel = document.getElementById("step-panel");
    const target = (event as CustomEvent<{ ctx: { target?: Element } }>).detail.ctx.target;
    if (!panel || (target !== panel && target?.id !== "step-panel")) return;
    shown(Number(panel.dataset["version"]));
    markSteps(panel.dataset["step"] ?? "");
    // The link that led here went with its step: go on at the new one's beginning.
    if (document.activeElement === document.body) begin(panel);
    if (!panel.contains(document.activeElement)) panel.parentElement?.scrollTo(0, 0);
  });
  document.addEventListener("htmx:before:history:restore", (event) => {
    event.preventDefault();
    const path = (event as CustomEvent<{ path: string }>).detail.path;
    void window.htmx.ajax("GET", path, { target: "#step-panel", swap: "outerHTML" });
  });
  document.querySelector("#step-select")?.addEventListener("change", (event) => {
    const select = event.target as HTMLSelectElement;
    const link = document.querySelector<HTMLElement>(`#step-${CSS.escape(select.value)} a`);
    link?.click();
  });
}

function begin(panel: HTMLElement): void {
  const heading = panel.querySelector<HTMLElement>("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}

/** In a draft without a name, naming it is the first thing to do. */
export function beginWithName(): void {
  const name = document.querySelector<HTMLInputElement>("#step-form [name=name]");
  if (name && !name.value && document.activeElement === document.body) name.focus();
}

function markSteps(name: string): void {
  for (const link of document.querySelectorAll("#steps [aria-current]")) link.removeAttribute("aria-current");
  document.querySelector(`#step-${CSS.escape(name)} a`)?.setAttribute("aria-current", "step");
  const select = document.querySelector<HTMLSelectElement>("#step-select");
  if (select) select.value = name;
}
