// Changes of the look are shown by the preview at once, without a request: boxes with
// `data-profile="primary_color"` name the profile field that they are.
import { formOf, pathOf, read } from "./fields";

export function paintPreview(): void {
  const paint = (event: Event): void => {
    const path = pathOf(event.target);
    const element = event.target as HTMLElement;
    const field = element.closest<HTMLElement>("[data-profile]")?.dataset["profile"];
    const form = formOf(element);
    if (!path || !field || !form) return;
    const detail = { [field]: read(form, path) };
    const preview = document.getElementById("preview") ?? document.body;
    preview.dispatchEvent(new CustomEvent("privexbot:profile", { detail, bubbles: true }));
  };
  for (const name of ["input", "change", "builder:written"]) document.addEventListener(name, paint);
}
