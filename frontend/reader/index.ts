// Somebody who may only read a draft sees what others change as they change it.
import { PATIENCE } from "../app/patience";
import { json, type Config } from "../builder/config";
import { Live } from "../builder/live";
import type { DraftState } from "../builder/outcome";

// Somebody types: one look for a few of their saves.
const EVERY = 1000;

function follow(config: Config): void {
  let shown = config.version;
  let due: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    due ??= setTimeout(() => {
      due = undefined;
      void look();
    }, EVERY);
  };
  const look = async (): Promise<void> => {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(`${config.urls.changes}?since=${shown}`, { signal }).catch(() => null);
    // The page of a draft that is not there any more says what became of it.
    if (answer && [403, 404, 410].includes(answer.status)) return location.reload();
    if (!answer?.ok || answer.redirected) return;
    const { version, editable } = (await answer.json()) as DraftState;
    if (editable) return location.reload();
    if (version <= shown) return;
    await window.htmx.ajax("GET", location.href, { target: "#draft", select: "#draft", swap: "outerMorph" });
    shown = version;
  };
  new Live(config.urls.events, soon, soon);
}

const config = json<Config>("builder-config");
if (config?.urls) follow(config);
