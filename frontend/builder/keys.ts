// The builder's shortcuts. Undo and redo are the browser's own in a box that something was typed into since
// it was entered: of all others the browser would take back what was typed elsewhere.
import { formOf, isText } from "./fields";

export interface Commands {
  save(): void;
  undo(): void;
  redo(): void;
  toggle(panel: "steps" | "preview"): void;
}

type Command = (commands: Commands) => void;

/** What the box with the focus held when it was entered, or written by the page. */
let entered: unknown = "";
let isTyped = false;

const valueOf = (target: EventTarget | null): unknown => (target as HTMLInputElement | null)?.value;

/** The command that a key press means, or null. */
export function commandOf(event: KeyboardEvent): Command | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === "s" && !event.shiftKey) return (commands) => commands.save();
  if (key === "b" && !event.shiftKey) return (commands) => commands.toggle("steps");
  if (key === "e" && !event.shiftKey) return (commands) => commands.toggle("preview");
  const target = event.target as Element;
  // What is written to the preview is its own.
  if (target.closest?.("#preview")) return null;
  const isTheirs = isText(target) && (isTyped || !formOf(target));
  if (key === "y" || (key === "z" && event.shiftKey)) return isTheirs ? null : (commands) => commands.redo();
  if (key !== "z" || (isTheirs && (valueOf(target) !== entered || !formOf(target)))) return null;
  return (commands) => commands.undo();
}

export function listenForKeys(commands: Commands): void {
  for (const name of ["focusin", "builder:written"]) {
    document.addEventListener(name, ({ target }) => {
      if (target !== document.activeElement) return;
      entered = valueOf(target);
      isTyped = false;
    });
  }
  document.addEventListener("input", ({ isTrusted }) => (isTyped ||= isTrusted), true);
  document.addEventListener("keydown", (event) => {
    const command = event.defaultPrevented ? null : commandOf(event);
    if (!command || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    command(commands);
  });
}
