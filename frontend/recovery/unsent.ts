// What never reached the server, to be read, copied, downloaded, or thrown away.
import { rebased, type Contents } from "../builder/outbox";
import type { Left } from "../builder/storage";

const label = (path: string): string =>
  document.querySelector(`label[for="field-${CSS.escape(path)}"]`)?.textContent?.trim() || path;

/** Each value below what its field is called; empty when there is nothing. */
function asText(contents: Contents): string {
  const typed = Object.entries(rebased(contents, 0).pending);
  return typed.map(([path, { value }]) => `${label(path)}\n${[value].flat().join("\n")}`).join("\n\n");
}

/** Makes its buttons work. Returns a function that shows what never reached the server, where the
 * page has a place for it. */
export function offerUnsent(left: () => Left): () => void {
  const show = (): void => {
    const place = document.querySelector<HTMLElement>("[data-unsent]");
    if (!place) return;
    const text = asText(left().contents);
    place.hidden = !text;
    place.querySelector("textarea")!.value = text;
    const file = place.querySelector<HTMLAnchorElement>("[data-unsent-file]")!;
    file.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  };
  document.addEventListener("click", (event) => {
    if (!(event.target as Element).closest("[data-discard-unsent]")) return;
    left().forget();
    show();
  });
  return show;
}
