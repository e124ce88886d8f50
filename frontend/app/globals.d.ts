interface Htmx {
  ajax(method: string, url: string, options?: object): Promise<void>;
  trigger(element: Element, name: string, detail?: object): void;
  process(element: Element): void;
}

interface Window {
  htmx: Htmx;
}
