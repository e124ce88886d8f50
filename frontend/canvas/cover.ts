// How much of the canvas the settings of a node lie over, where the page has them above it and not
// beside it: what is to be seen is put into the rest.

// With less left beside the settings, nothing is gained by using that alone.
const LEAST = 220;
const NARROW = 480;

export function coveredBy(root: Element): number {
  const panel = document.querySelector("#inspector")?.getBoundingClientRect();
  const { left, right, top, bottom, width } = root.getBoundingClientRect();
  if (!panel?.width || panel.top >= bottom || panel.bottom <= top) return 0;
  // A sheet from below takes the whole width, and leaves the canvas above it free.
  const covered = panel.left > left && panel.left < right ? right - panel.left : 0;
  return width - covered > LEAST ? covered : 0;
}

/** Tells the stylesheet of it, now and whenever it changes, and calls `changed`; what is given back
 * ends that. */
export function followCover(root: HTMLElement, changed: () => void): () => void {
  let last = 0;
  const observer = new ResizeObserver(() => {
    const covered = coveredBy(root);
    root.style.setProperty("--covered", `${covered}px`);
    root.toggleAttribute("data-narrow", root.clientWidth - covered < NARROW);
    if (covered > last) changed();
    last = covered;
  });
  const panel = document.querySelector("#inspector");
  for (const element of [root, panel]) if (element) observer.observe(element);
  return () => observer.disconnect();
}
