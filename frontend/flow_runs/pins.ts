// What else shows whether a node is pinned: its settings, if they are open, and by the server's word the
// canvas and the problems.
export function tellPinned(id: string, isPinned: boolean): void {
  const place = document.querySelector<HTMLElement>(`[data-try-node$="/nodes/${CSS.escape(id)}"] [data-pin-state]`);
  if (place) place.hidden = !isPinned;
  const here = new URL(location.href);
  here.searchParams.set("frame", "1");
  void window.htmx.ajax("GET", here.pathname + here.search, { source: "#steps", target: "#steps", swap: "none" });
}
