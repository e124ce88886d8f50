// Two people changed one field: the panel shows both values, the box keeps what was typed here
// until it is decided. The panel takes no focus, so that nobody types into it by accident.
import { write } from "../builder/fields";
import type { Value } from "../builder/outbox";
import type { DraftState } from "../builder/outcome";

/** What the builder tells of a conflict: both values of each path, and whom to tell which of them to drop. */
export interface Conflict {
  conflicts: DraftState["conflicts"];
  decided(theirs: string[]): void;
}

export class Conflicts {
  private theirs: Record<string, Value> = {};
  private decided: Conflict["decided"] = () => undefined;

  constructor() {
    document.addEventListener("submit", (event) => {
      const form = event.target as HTMLFormElement;
      if (form.id !== "conflict-form") return;
      event.preventDefault();
      const submitter = event.submitter as HTMLButtonElement | null;
      this.decide(form, submitter?.value ?? "");
    });
    document.addEventListener("click", (event) => {
      const all = (event.target as Element).closest<HTMLElement>("[data-decide]")?.dataset["decide"];
      if (all === "review") document.querySelector<HTMLElement>("#conflict h2")?.focus();
      else if (all) this.take(all === "theirs" ? Object.keys(this.theirs) : []);
    });
  }

  show({ conflicts, decided }: Conflict): void {
    this.decided = decided;
    this.theirs = Object.fromEntries(conflicts.map(({ path, theirs }) => [path, theirs]));
  }

  private decide(form: HTMLFormElement, all: string): void {
    const choice = (path: string): unknown => new FormData(form).get(`choice:${path}`);
    const theirs = Object.keys(this.theirs).filter((path) =>
      all ? all === "theirs" : choice(path) === "theirs",
    );
    this.take(theirs);
  }

  private take(theirs: string[]): void {
    this.decided(theirs);
    for (const path of theirs) {
      const value = this.theirs[path];
      if (value !== undefined) write(path, value);
    }
    this.theirs = {};
    document.getElementById("conflict")?.replaceChildren();
  }
}
