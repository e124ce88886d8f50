// Where a credential is chosen: one that was stored meanwhile, in a dialog, is offered in every
// such choice and chosen in the one that asked for it; "Test" tries the one that is chosen.
import { byId, on } from "./page";

interface Stored {
  id: string;
  label: string;
  kind: string;
  /** The id of the choice that takes it. */
  for: string;
}

const PLACE = "[data-credential]";
// What stands in the address of a test for the credential that is chosen by then.
const CHOSEN = "00000000-0000-0000-0000-000000000000";

const result = (place: Element): Element | null => place.nextElementSibling;

async function test(button: HTMLElement): Promise<void> {
  const place = button.closest(PLACE)!;
  const { value } = place.querySelector("select")!;
  const url = button.dataset.testCredential!.replace(CHOSEN, value);
  if (!value || button.ariaBusy) return;
  button.ariaBusy = "true";
  await window.htmx.ajax("POST", url, { target: result(place), swap: "innerHTML" });
  button.ariaBusy = null;
}

function offer({ id, label, kind, for: taker }: Stored): void {
  for (const select of document.querySelectorAll<HTMLSelectElement>(`select[data-credentials="${kind}"]`)) {
    select.add(new Option(label, id));
  }
  const select = byId<HTMLSelectElement>(taker);
  if (!select) return;
  select.value = id;
  for (const name of ["input", "change"]) select.dispatchEvent(new Event(name, { bubbles: true }));
  const button = select.closest(PLACE)?.querySelector<HTMLElement>("[data-test-credential]");
  if (button) void test(button);
}

export function credentials(): void {
  on("click", "[data-test-credential]", (button) => void test(button));
  on("change", `${PLACE} select`, (select) => result(select.closest(PLACE)!)?.replaceChildren());
  document.addEventListener("credential:stored", (event) => offer((event as CustomEvent<Stored>).detail));
}
