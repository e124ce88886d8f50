// What each node did in the runs of the draft: hears of them from the events of the chat and of other
// starts, and tells the canvas.
import { Panel } from "./panel";
import "./start_by";
import { followTrying } from "./trying";
import type { Step } from "./types";

const hear = <T>(name: string, run: (detail: T) => void): void =>
  document.addEventListener(`privexbot:${name}`, (event) => run((event as CustomEvent<T>).detail));

const place = document.getElementById("run-log");
if (place) {
  const panel = new Panel(place);
  hear<{ role: string }>("message", ({ role }) => {
    if (role === "user") panel.begin();
  });
  for (const name of ["node_started", "node_finished"] as const) hear<Step>(name, (step) => panel.step(name, step));
  hear("done", () => void panel.end());
  hear("stop", () => void panel.stop());
  hear<{ message?: string }>("error", ({ message }) => void panel.end(message));
  void panel.open();
}
followTrying();
