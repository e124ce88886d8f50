// The part of htmx that the builder uses.
declare const htmx: {
  ajax(
    method: string,
    url: string,
    options: { target: string | Element; swap: string; push?: string },
  ): Promise<void>;
  process(element: Element): void;
};
