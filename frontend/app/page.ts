// Small things that every module needs from the page.

/** Call `handler` with the nearest match of `selector` whenever `type` happens inside of one. */
export function on<E extends Event = Event>(
  type: string,
  selector: string,
  handler: (match: HTMLElement, event: E) => void,
): void {
  document.addEventListener(type, (event) => {
    const match = (event.target as Element | null)?.closest?.<HTMLElement>(selector);
    if (match) handler(match, event as E);
  });
}

/** Run `setUp` for what is on the page now and for everything htmx swaps in later. */
export function onContent(setUp: (root: ParentNode) => void): void {
  setUp(document);
  document.addEventListener("htmx:after:settle", () => setUp(document));
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T | null {
  return document.getElementById(id) as T | null;
}

/** A text the server put on the page, as `data-text-<name>` of the toasts region. */
export function text(name: string): string {
  return byId("toasts")?.getAttribute(`data-text-${name}`) ?? "";
}

/** Whether the person is writing, so that single keys are theirs. */
export function isWriting(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return Boolean(element?.closest?.("input, textarea, select, [contenteditable]:not([contenteditable=false])"));
}

export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);
