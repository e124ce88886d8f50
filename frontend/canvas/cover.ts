// How much of the canvas can be seen: the settings of a node take a part of it, beside it or over it.
// What is to be seen is put into the rest.

// With less left beside the settings, nothing is gained by using that alone.
const LEAST = 220;
const NARROW = 480;
const LOW = 320;

export function coveredBy(root: Element): number {
  const panel = document.querySelector("#inspector")?.getBoundingClientRect();
  const { left, right, top, bottom, width } = root.getBoundingClientRect();
  if (!panel?.width || panel.top >= bottom || panel.bottom <= top) return 0;
  // A sheet from below takes the whole width, and leaves the canvas above it free.
  const covered = panel.left > left && panel.left < right ? right - panel.left : 0;
  return width - covered > LEAST ? covered : 0;
}

/** How much of the height a sheet from below leaves. */
export function roomAbove(root: Element): number {
  const panel = document.querySelector("#inspector")?.getBoundingClientRect();
  const { left, right, top, bottom, height } = root.getBoundingClientRect();
  const isSheet = panel?.height && panel.left <= left && panel.right >= right && panel.top > top && panel.top < bottom;
  return isSheet ? panel.top - top : height;
}

/** Tells the stylesheet of it, now and whenever it changes, and calls `changed`; what is given back
 * ends that. */
export function followCover(root: HTMLElement, changed: () => void): () => void {
  let last = Infinity;
  const observer = new ResizeObserver(() => {
    const covered = coveredBy(root);
    root.style.setProperty("--covered", `${covered}px`);
    const above = roomAbove(root);
    root.style.setProperty("--covered-below", `${root.clientHeight - above}px`);
    root.toggleAttribute("data-narrow", root.clientWidth - covered < NARROW || above < LOW);
    const room = (root.clientWidth - covered) * above;
    if (room < last) changed();
    last = room;
  });
  // The step may come anew, with another panel beside the same canvas.
  const watch = (): void => {
    for (const element of [root, document.querySelector("#inspector")]) if (element) observer.observe(element);
  };
  watch();
  document.addEventListener("htmx:after:swap", watch);
  return () => {
    document.removeEventListener("htmx:after:swap", watch);
    observer.disconnect();
  };
}
