// Files for a knowledge base: dropped or chosen, sent one by one, each with how far it is and, when it
// was not taken, why. Without this script the form sends them all at once.
import { csrfToken } from "../app/cookies";

// The answer to a file may wait for others that are being read.
const PATIENCE = 300_000;

interface Upload {
  file: File;
  row: HTMLLIElement;
  url: string;
}

const waiting: Upload[] = [];
let sending = false;

function take(form: HTMLFormElement, files: FileList): void {
  const list = document.getElementById("uploads")!;
  list.hidden = false;
  for (const file of files) waiting.push({ file, row: row(list, file.name), url: form.dataset["upload"]! });
  go();
}

function row(list: HTMLElement, name: string): HTMLLIElement {
  const item = document.createElement("li");
  const label = document.createElement("span");
  label.textContent = name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", name);
  item.append(label, bar);
  list.append(item);
  return item;
}

/** Sends the next one: one after the other, so that sources stand in the order of their files. */
function go(): void {
  const upload = sending ? undefined : waiting.shift();
  if (!upload) return;
  sending = true;
  send(upload).then(
    () => upload.row.remove(),
    (error: Error) => failed(upload, error.message),
  ).finally(done);
}

function done(): void {
  sending = false;
  go();
  if (sending) return;
  const list = document.getElementById("uploads");
  const kept = list?.querySelectorAll("li") ?? [];
  // From an element of its own: of two requests of one element htmx sends the first alone.
  const how = { source: "#uploads", target: "#step-panel", swap: "outerHTML" };
  void window.htmx.ajax("GET", location.href, how).then(() => {
    // What was refused stays to be read.
    const fresh = document.getElementById("uploads");
    if (!fresh || !kept.length) return;
    fresh.replaceChildren(...kept);
    fresh.hidden = false;
  });
}

function send({ file, row, url }: Upload): Promise<void> {
  const request = new XMLHttpRequest();
  const bar = row.querySelector("progress")!;
  const body = new FormData();
  body.append("file", file);
  request.open("POST", url);
  request.timeout = PATIENCE;
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", csrfToken());
  request.upload.onprogress = ({ loaded, total }) => (bar.value = total ? loaded / total : 0);
  return new Promise((resolve, reject) => {
    request.onload = () => (request.status === 200 ? resolve() : reject(new Error(told(request))));
    request.onerror = request.ontimeout = () => reject(new Error());
    request.send(body);
  });
}

function told({ responseText }: XMLHttpRequest): string {
  try {
    return (JSON.parse(responseText) as { detail?: string }).detail ?? "";
  } catch {
    return "";
  }
}

function failed({ row, file }: Upload, words: string): void {
  row.querySelector("progress")!.remove();
  row.dataset["failed"] = "";
  const said = document.createElement("span");
  said.textContent = words || document.getElementById("uploads")!.dataset["failed"]!;
  row.append(said);
  row.querySelector("span")!.textContent = file.name;
}

// An item of a menu has to be a button: it opens the file box of its form.
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-chooses-file]");
  if (button) button.closest("form")!.querySelector<HTMLInputElement>("input[type=file]")!.click();
});

const form = (event: Event): HTMLFormElement | null =>
  event.target instanceof Element ? event.target.closest("form[data-upload]") : null;

document.addEventListener("change", (event) => {
  const input = event.target;
  // One file that takes the place of a document, or joins it, goes as soon as it is chosen.
  if (input instanceof HTMLInputElement && input.form?.matches("[data-submits]")) return input.form.requestSubmit();
  const into = form(event);
  if (!into || !(input instanceof HTMLInputElement) || !input.files) return;
  take(into, input.files);
  input.value = "";
});

for (const name of ["dragenter", "dragover"])
  document.addEventListener(name, (event) => {
    const into = form(event);
    if (!into) return;
    event.preventDefault();
    into.dataset["over"] = "";
  });

document.addEventListener("dragleave", (event) => delete form(event)?.dataset["over"]);

document.addEventListener("drop", (event) => {
  const into = form(event);
  if (!into) return;
  event.preventDefault();
  delete into.dataset["over"];
  if (event.dataTransfer?.files.length) take(into, event.dataTransfer.files);
});
