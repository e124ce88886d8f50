// A list of small objects, edited row by row: draws boxes in the place of a text of JSON, and writes
// what is in them back into it. Knows no draft; the text is saved as any box is.
import { released } from "../app/pressed";
import { forgetFault, markFaults } from "./faults";
import { leftBox, tellLater } from "./problems";
import { showFitting, showName, tellNextRuns } from "./only_for";

interface Column {
  name: string;
  label: string;
  kind: "text" | "long" | "code" | "select" | "lines";
  /** Of code. */
  language?: string;
  /** Of code: it may have several lines. */
  several?: boolean;
  options: { value: string; label: string }[];
  /** Of a choice among credentials: their kind. */
  credentials?: string;
  /** Shown only in rows that have one of these values in the other columns. */
  when?: Record<string, string[]>;
}

interface Stored {
  id: string;
  label: string;
  kind: string;
}

type Row = Record<string, unknown>;

const PLACE = "[data-rows-editor]";
const BOX = ":is(input, select, textarea):not([hidden])";

class Rows {
  private readonly text: HTMLTextAreaElement;
  private readonly columns: Column[];
  private readonly keyed: string;
  private readonly list = document.createElement("div");
  private rows: Row[] = [];

  constructor(private readonly place: HTMLElement) {
    this.text = place.querySelector("textarea")!;
    this.columns = JSON.parse(place.querySelector("script")!.textContent!) as Column[];
    this.keyed = place.dataset["keyed"] ?? "";
    this.text.hidden = true;
    this.list.className = "rows-list";
    const add = button(place.dataset["add"] ?? "Add", () => this.add());
    place.append(this.list, ...(this.text.disabled ? [] : [add]));
    this.read();
    document.addEventListener("credential:stored", (event) => this.offer((event as CustomEvent<Stored>).detail));
    // The builder writes here what others changed.
    this.text.addEventListener("builder:written", () => this.read());
  }

  private read(): void {
    const found: unknown = parsed(this.text.value);
    this.rows = Array.isArray(found) ? (found as Row[]) : [];
    const focused = document.activeElement as HTMLElement | null;
    const held = this.list.contains(focused) ? (focused!.dataset["cell"] ?? "") : null;
    this.draw();
    if (held !== null) this.focus(held);
  }

  /** Goes on in a cell that was drawn anew; where it is gone, in the last row, or where one is added. */
  private focus(cell: string): void {
    const box = this.list.querySelector<HTMLElement>(`[data-cell="${CSS.escape(cell)}"]`);
    const last = this.list.lastElementChild ?? this.place;
    (box ?? last.querySelector<HTMLElement>(BOX) ?? this.place.querySelector<HTMLElement>("button"))?.focus();
  }

  /** A row that came or went is a step of its own in the draft's history. */
  private write(isStep: boolean): void {
    const tell = (name: string): boolean => this.text.dispatchEvent(new Event(name, { bubbles: true }));
    if (isStep) tell("builder:step");
    this.text.value = JSON.stringify(this.rows);
    tell("input");
    if (isStep) tell("builder:step");
  }

  /** A credential that was stored meanwhile can be chosen in every row. */
  private offer({ id, label, kind }: Stored): void {
    const columns = this.columns.filter(({ credentials }) => credentials === kind);
    for (const { options } of columns) options.push({ value: id, label });
    if (columns.length) this.draw();
  }

  private add(): void {
    const row: Row = {};
    for (const each of this.columns) row[each.name] ??= empty(each);
    if (this.keyed) row[this.keyed] = this.freshKey();
    this.rows.push(row);
    tellLater(this.text.name);
    this.draw();
    this.write(true);
    this.list.lastElementChild?.querySelector<HTMLElement>(BOX)?.focus();
  }

  private freshKey(): string {
    let number = this.rows.length + 1;
    while (this.rows.some((row) => row[this.keyed] === `way${number}`)) number++;
    return `way${number}`;
  }

  private draw(): void {
    this.list.replaceChildren(...this.rows.map((row, at) => this.row(row, at)));
  }

  private row(row: Row, at: number): HTMLElement {
    const place = document.createElement("div");
    place.className = "rows-row";
    place.append(...this.columns.filter((column) => isShown(column, row)).map((column) => this.box(row, at, column)));
    if (this.text.disabled) return place;
    const gone = button(this.place.dataset["remove"] ?? "Remove", () => {
      this.rows.splice(at, 1);
      this.draw();
      this.write(true);
      this.focus(`${Math.min(at, this.rows.length - 1)}.${this.columns[0]!.name}`);
    });
    gone.classList.add("rows-remove");
    place.append(gone);
    return place;
  }

  /** Shows the boxes that belong to what was just chosen in a row, without what fits none of them. */
  private fit(at: number, chosen: string): void {
    const row = this.rows[at]!;
    const shown = this.columns.filter((each) => isShown(each, row));
    for (const { name } of this.columns.filter((each) => each.when?.[chosen])) {
      const now = shown.find((each) => each.name === name);
      if (!now || (now.kind === "select" && !now.options.some(({ value }) => value === row[name]))) row[name] = "";
    }
    const place = this.row(row, at);
    this.list.children[at]!.replaceWith(place);
    place.querySelector<HTMLElement>("select")?.focus();
  }

  /** The box below its label, and of an expression the button for its variables. */
  private box(row: Row, at: number, column: Column): HTMLElement {
    const place = document.createElement("div");
    place.className = "rows-box";
    const label = document.createElement("label");
    label.textContent = column.label;
    const box = control(column, row[column.name]);
    box.disabled = this.text.disabled;
    box.dataset["cell"] = `${at}.${column.name}`;
    box.addEventListener("input", (event) => {
      event.stopPropagation();
      this.rows[at]![column.name] = column.kind === "lines" ? lines(box.value) : box.value;
      if (this.columns.some((each) => each.when?.[column.name])) this.fit(at, column.name);
      this.write(column.kind === "select");
    });
    label.htmlFor = box.id = `${this.text.id}-${box.dataset["cell"]}`;
    place.append(label, box);
    if (column.kind !== "code" || box.disabled) return place;
    const more = this.place.querySelector("template")!.content.firstElementChild!.cloneNode(true) as HTMLElement;
    more.dataset["insertVariable"] = box.id;
    more.ariaLabel = `${more.title}: ${column.label}`;
    label.after(more);
    return place;
  }
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function control(column: Column, value: unknown): Control {
  if (column.kind === "select") {
    const box = document.createElement("select");
    const chosen = String(value ?? column.options[0]?.value ?? "");
    box.append(...column.options.map((option) => new Option(option.label, option.value)));
    // What is chosen and not offered any more is shown as it is called, and not as something else.
    if (!column.options.some((option) => option.value === chosen)) box.append(new Option(chosen, chosen));
    box.value = chosen;
    return box;
  }
  const box = textBox(column.kind === "lines" || column.kind === "long" || column.several === true);
  box.value = Array.isArray(value) ? value.join("\n") : String(value ?? "");
  if (column.kind === "code") {
    box.spellcheck = false;
    box.dataset["slash"] = column.language ?? "";
  }
  return box;
}

function textBox(hasLines: boolean): HTMLInputElement | HTMLTextAreaElement {
  if (hasLines) {
    const box = document.createElement("textarea");
    box.rows = 2;
    return box;
  }
  const box = document.createElement("input");
  box.type = "text";
  box.autocomplete = "off";
  return box;
}

function button(words: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = made.className = "button";
  made.dataset["size"] = "small";
  made.textContent = words;
  made.addEventListener("click", press);
  return made;
}

const empty = (column: Column): unknown => (column.kind === "lines" ? [] : column.kind === "select" ? column.options[0]?.value : "");

const isShown = (column: Column, row: Row): boolean =>
  Object.entries(column.when ?? {}).every(([name, values]) => values.includes(String(row[name])));

const lines = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter(Boolean);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function look(): void {
  for (const place of document.querySelectorAll<HTMLElement>(`${PLACE}:not([data-drawn])`)) {
    place.dataset["drawn"] = "";
    new Rows(place);
  }
  markFaults();
  showFitting();
  tellNextRuns();
}

// The script comes again with the step; only its first run listens.
const page = document.documentElement;
if (page.dataset["rowsScript"] === undefined) {
  page.dataset["rowsScript"] = "";
  document.addEventListener("htmx:after:swap", look);
  document.addEventListener("draft:saved", markFaults);
  document.addEventListener("draft:saved", tellNextRuns);
  document.addEventListener("input", forgetFault, true);
  document.addEventListener("focusout", (event) => {
    leftBox(event);
    void released().then(markFaults);
  });
  for (const kind of ["change", "builder:written"]) document.addEventListener(kind, showFitting);
  for (const kind of ["input", "builder:written"]) document.addEventListener(kind, showName);
}
look();
