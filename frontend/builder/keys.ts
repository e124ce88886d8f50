// The builder's shortcuts. Undo and redo are the browser's own while text is being typed.
import { isText } from "./fields";

export interface Commands {
  save(): void;
  undo(): void;
  redo(): void;
  toggle(panel: "steps" | "preview"): void;
}

type Command = (commands: Commands) => void;

/** The command that a key press means, or null. Pure but for the event. */
export function commandOf(event: KeyboardEvent): Command | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === "s" && !event.shiftKey) return (commands) => commands.save();
  if (key === "b" && !event.shiftKey) return (commands) => commands.toggle("steps");
  if (key === "e" && !event.shiftKey) return (commands) => commands.toggle("preview");
  if (isText(event.target)) return null;
  if (key === "y" || (key === "z" && event.shiftKey)) return (commands) => commands.redo();
  return key === "z" ? (commands) => commands.undo() : null;
}

export function listenForKeys(commands: Commands): void {
  document.addEventListener("keydown", (event) => {
    const command = event.defaultPrevented ? null : commandOf(event);
    if (!command || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    command(commands);
  });
}
