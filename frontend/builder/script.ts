// Scripts that most visits to the builder can do without.

const loading = new Map<string, Promise<unknown>>();

/** Fetches and runs the script at `src`, once; one that did not come is fetched again when asked. */
export function load(src: string): Promise<unknown> {
  const known = loading.get(src);
  if (known) return known;
  const script = document.createElement("script");
  script.src = src;
  script.addEventListener("error", () => loading.delete(src));
  document.head.append(script);
  const loaded = new Promise((done) => script.addEventListener("load", done));
  loading.set(src, loaded);
  return loaded;
}
