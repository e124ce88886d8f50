// The menu on the page: a listbox at the caret of prompt boxes (`data-slash`). The focus
// stays in the box; the chosen option is named by aria-activedescendant.
import { placeOf } from "./caret";
import { json } from "../builder/config";
import { insertion, opening, optionsFor, type Option, type Variable, type VariableGroup } from "./slash";
import { say, type Texts } from "../builder/texts";

interface Source {
  groups: VariableGroup[];
  /** The list of the document that a new variable is added to; empty: none can be made here. */
  create: string;
}

type Box = HTMLTextAreaElement | HTMLInputElement;

const isBox = (target: unknown): target is Box => target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;

export class SlashMenu {
  private readonly list = document.createElement("div");
  private readonly count = document.createElement("p");
  private box: Box | null = null;
  /** What the server said of places, by address; until something is saved. */
  private told = new Map<string, Promise<Source>>();
  private options: Option[] = [];
  private active = 0;
  private start = 0;
  private dismissed = -1;
  private create = "";

  /** `added` adds a variable to a list of the document. */
  constructor(
    private readonly texts: Texts,
    private readonly added: (list: string, name: string) => void,
  ) {
    this.list.id = "variables-menu";
    this.list.className = "variables-menu";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", say(texts, "variables"));
    this.list.hidden = true;
    this.count.className = "visually-hidden";
    this.count.setAttribute("role", "status");
    (document.getElementById("main") ?? document.body).append(this.list, this.count);
    this.listen();
    // The script may come when its first key was already pressed.
    this.typed(document.activeElement);
  }

  private listen(): void {
    document.addEventListener("input", (event) => this.typed(event.target), true);
    document.addEventListener("draft:saved", () => this.told.clear());
    document.addEventListener("keydown", (event) => this.pressed(event), true);
    document.addEventListener("focusout", () => this.close());
    document.addEventListener("selectionchange", () => this.follow());
    document.addEventListener("click", (event) => this.clicked(event));
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.choose(Number(option.dataset["index"]));
    });
  }

  /** What is known at the box: where the page does not know, the server does. */
  private async source(box: Box): Promise<Source> {
    const nothing = { groups: [], create: "" };
    const url = box.closest<HTMLElement>("[data-known]")?.dataset["known"];
    if (!url) return json<Source>("prompt-variables") ?? nothing;
    const asked = this.told.get(url) ?? fetch(url).then((answer) => (answer.ok ? (answer.json() as Promise<Source>) : nothing));
    this.told.set(url, asked);
    return asked.catch(() => {
      // The server was not reached: it is asked again with the next key.
      this.told.delete(url);
      return nothing;
    });
  }

  private typed(target: EventTarget | null): void {
    // Where something is selected nobody has typed: somebody was led there.
    if (!isBox(target) || target.dataset["slash"] === undefined || target.selectionStart !== target.selectionEnd) return;
    const before = target.value.slice(0, target.selectionStart ?? 0);
    const asked = before.slice(this.start);
    // Of a menu that a button has opened, what is typed is asked for.
    const found = opening(before) ?? (this.box === target && /^[\w.]*$/.test(asked) ? { start: this.start, query: asked } : null);
    if (!found || found.start === this.dismissed) {
      if (!found) this.dismissed = -1;
      return this.close();
    }
    void this.open(target, found.start, found.query);
  }

  private async open(box: Box, start: number, query: string): Promise<void> {
    const typed = box.value;
    const { groups, create } = await this.source(box);
    // Meanwhile more was typed, and is answered by itself, or the box was left.
    if (box.value !== typed || document.activeElement !== box || start === this.dismissed) return;
    this.create = create;
    this.options = optionsFor(groups, query, create !== "");
    const teaches = !query && create !== "";
    if (!this.options.length && !teaches) return this.close();
    this.box = box;
    this.start = start;
    // Enter stays the box's where there is nothing but to make a variable: the arrows reach that.
    this.active = this.options[0]?.kind === "use" ? 0 : -1;
    this.render();
    const { left, top, height } = placeOf(box, start);
    this.list.hidden = false;
    const room = innerHeight - top - height;
    const up = room < this.list.offsetHeight && top > room;
    this.list.style.left = `${Math.max(8, Math.min(left, innerWidth - this.list.offsetWidth - 8))}px`;
    this.list.style.top = `${up ? top - this.list.offsetHeight - 4 : top + height + 4}px`;
    this.describe();
    const n = this.options.length;
    this.count.textContent = say(this.texts, n === 1 ? "variable_found" : "variables_found", { n });
  }

  private render(): void {
    const rows: HTMLElement[] = [];
    let group = "";
    this.options.forEach((option, index) => {
      const of = option.kind === "use" ? option.group : "";
      if (of && of !== group) rows.push(heading(of));
      group = of;
      rows.push(this.row(option, index));
    });
    // Nothing to choose yet: say how to get something.
    if (!rows.length) rows.push(heading(say(this.texts, "name_variable")));
    this.list.replaceChildren(...rows);
  }

  private row(option: Option, index: number): HTMLElement {
    const row = document.createElement("div");
    row.id = `variables-menu-${index}`;
    row.dataset["index"] = String(index);
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(index === this.active));
    const [name, hint] =
      option.kind === "create"
        ? [say(this.texts, "create_variable", { name: option.name }), ""]
        : [written(option.variable), option.variable.hint ?? option.variable.label ?? ""];
    row.append(span("variables-menu-name", name), span("variables-menu-hint", hint));
    return row;
  }

  /** Tells assistive technology which option is active. */
  private describe(): void {
    const { box, list } = this;
    if (!box || !this.options.length) return;
    box.setAttribute("aria-controls", list.id);
    if (this.active < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", `variables-menu-${this.active}`);
    for (const row of list.querySelectorAll("[role=option]")) {
      const chosen = row.id === `variables-menu-${this.active}`;
      row.setAttribute("aria-selected", String(chosen));
      if (chosen) row.scrollIntoView({ block: "nearest" });
    }
  }

  private pressed(event: KeyboardEvent): void {
    if (this.list.hidden || event.target !== this.box || event.isComposing) return;
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const move = moves[event.key];
    if (!this.options.length && event.key !== "Escape") return;
    if (move) {
      this.active = (Math.max(this.active, move < 0 ? 0 : -1) + move + this.options.length) % this.options.length;
      this.describe();
    } else if (event.key === "Enter" || event.key === "Tab") {
      if (this.active < 0) return this.close();
      this.choose(this.active);
    } else if (event.key === "Escape") {
      this.dismissed = this.start;
      this.close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private choose(index: number): void {
    const [option, box, start] = [this.options[index], this.box, this.start];
    this.close();
    if (!option || !box) return;
    if (option.kind === "use") return this.insert(box, written(option.variable), start);
    this.insert(box, option.name, start);
    this.added(this.create, option.name);
  }

  /** Replaces through the browser's own editing, so that its undo takes it back. */
  private insert(box: Box, name: string, start: number): void {
    const edit = insertion(box.value, box.selectionStart ?? 0, name, start, box.dataset["slash"] === "condition");
    box.focus();
    box.setSelectionRange(edit.from, edit.to);
    document.execCommand("insertText", false, edit.text);
    // What a function is given is typed in the place of its names.
    const given = /\((.+)\)/.exec(edit.text);
    const from = edit.from + (given?.index ?? 0) + 1;
    if (given) box.setSelectionRange(from, from + given[1]!.length);
  }

  /** The caret left the place where the menu was opened. */
  private follow(): void {
    if (this.box && document.activeElement === this.box && (this.box.selectionStart ?? 0) < this.start) this.close();
  }

  private clicked(event: MouseEvent): void {
    const button = (event.target as Element).closest<HTMLElement>("[data-insert-variable]");
    const box = document.getElementById(button?.dataset["insertVariable"] ?? "");
    if (!isBox(box)) return;
    box.focus();
    this.dismissed = -1;
    void this.open(box, box.selectionStart ?? 0, "");
  }

  private close(): void {
    this.list.hidden = true;
    this.box?.removeAttribute("aria-activedescendant");
    this.box = null;
  }
}

/** How a variable is written, or a function with what it is given. */
const written = ({ name, label, type }: Variable): string => (type === "function" && label ? label : name);

function heading(text: string): HTMLElement {
  const element = span("variables-menu-group", text);
  element.setAttribute("role", "presentation");
  return element;
}

function span(className: string, text: string): HTMLElement {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}
