// Changes of the look are shown by the preview at once, without a request. A box says which field
// of the public profile it is with `data-profile`; those below `appearance.` are called alike.
import { formOf, pathOf, read } from "../builder/fields";

const LOOK = "appearance.";

function profileField(path: string, element: HTMLElement): string | undefined {
  const named = element.closest<HTMLElement>("[data-profile]")?.dataset["profile"];
  return named ?? (path.startsWith(LOOK) ? path.slice(LOOK.length) : undefined);
}

export function paintPreview(): void {
  const paint = (event: Event): void => {
    const path = pathOf(event.target);
    const element = event.target as HTMLElement;
    const form = formOf(element);
    const field = path && profileField(path, element);
    // What is no address of a picture would be asked of this server.
    if (!path || !field || !form || element.matches("[type=url]:invalid")) return;
    const value = read(form, path);
    const shown = Array.isArray(value) ? value.filter(Boolean) : value;
    const preview = document.getElementById("preview") ?? document.body;
    const detail = { [field]: shown };
    preview.dispatchEvent(new CustomEvent("privexbot:profile", { detail, bubbles: true }));
  };
  for (const name of ["input", "builder:written"]) document.addEventListener(name, paint);
}
