// Small pieces of the page.
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, name = "", text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
}

export function button(text: string, pressed: () => void, waits = false): HTMLButtonElement {
  const made = element("button", "button", text);
  made.type = "button";
  made.dataset["size"] = "small";
  // What is typed is saved first; the builder says when.
  if (waits) made.dataset["waitsForSave"] = "";
  made.addEventListener(waits ? "builder:ready" : "click", pressed);
  return made;
}

export function value(of: unknown): HTMLElement {
  return element("pre", "", typeof of === "string" ? of : JSON.stringify(of, null, 2));
}
