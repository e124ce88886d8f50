// The form that says who the preview's visitor is: shows what is in use, and has the widget use what
// is filled in, or says in the form why it does not. Comes with the form, each time that it is opened.
import { json, type Config } from "../builder/config";
import { called, setHere, widget } from "../preview/calls";
import { say } from "../builder/texts";

type Values = Record<string, string>;

function start(form: HTMLFormElement, preview: HTMLElement): void {
  const boxes = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")];
  const shown: Values = {};
  void inUse(preview).then((values) => {
    for (const box of boxes) {
      const value = values[box.name];
      if (value == null) continue;
      shown[box.name] = String(value);
      // What was typed meanwhile stays.
      box.value ||= shown[box.name]!;
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = boxes.map(({ name, value }): [string, string] => [name, value]);
    // An empty box is no value, unless it was emptied.
    const variables: Values = Object.fromEntries(typed.filter(([name, value]) => value || shown[name]));
    use(preview, variables).then(
      () => form.closest("dialog")?.close(),
      (error) => refused(form, error),
    );
  });
  form.querySelector("[type=submit]")?.removeAttribute("disabled");
}

async function use(preview: HTMLElement, variables: Values): Promise<void> {
  await widget()?.identify({ variables });
  keep(preview, variables);
}

/** What the server has, what was told in the form before the chat, and what was set here. */
async function inUse(preview: HTMLElement): Promise<Values> {
  const { session = "", endpoint } = preview.dataset;
  const opened = session ? await called<{ variables?: Values }>(`${endpoint}/session`, session) : undefined;
  const told = sessionStorage.getItem(`privexbot:${session}`) ?? "{}";
  return { ...opened?.variables, ...(JSON.parse(told) as Values), ...setHere(preview) };
}

function keep(preview: HTMLElement, variables: Values): void {
  const { dataset } = preview;
  dataset["set"] = JSON.stringify({ ...setHere(preview), ...variables });
  preview.dispatchEvent(new Event("preview:set"));
  const asNewUser = (event: Event): void => {
    if (!(event.target as Element).closest("[data-preview=new-user]")) return;
    delete dataset["set"];
    document.removeEventListener("click", asNewUser);
  };
  document.addEventListener("click", asNewUser);
}

function refused(form: HTMLFormElement, { status, message }: Error & { status?: number }): void {
  const told = form.querySelector<HTMLElement>("[role=alert]")!;
  told.hidden = false;
  const texts = json<Config>("builder-config")?.texts ?? {};
  told.querySelector("p")!.textContent = status ? message : say(texts, "not_done_network");
  told.scrollIntoView({ block: "nearest" });
}

const form = document.querySelector<HTMLFormElement>("#preview-variables");
const preview = document.getElementById("preview");
if (form && preview) start(form, preview);
