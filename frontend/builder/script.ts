// Scripts that most visits to the builder can do without.

/** Fetches and runs the script at `src`. */
export function load(src: string): Promise<unknown> {
  const script = document.createElement("script");
  script.src = src;
  document.head.append(script);
  return new Promise((done) => script.addEventListener("load", done));
}
