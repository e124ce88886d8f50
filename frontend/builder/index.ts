// The builder: puts the parts together once the page is there.
import { browserStore } from "./browser";
import { Autosave } from "./autosave";
import { json, type Config } from "./config";
import { boxesOf } from "./fields";
import { followForms } from "./forms";
import { IndicatorView } from "./indicator_view";
import { jump, jumpIfAsked, lead } from "./jump";
import { listenForKeys } from "./keys";
import { guardLeaving } from "./leave";
import { Live } from "./live";
import { empty, joined, Outbox } from "./outbox";
import { released } from "../app/pressed";
import type { DraftState } from "./outcome";
import { BuilderPage, toast } from "./page";
import { load } from "./script";
import { beginWithName, followSteps } from "./steps";
import { Keeper, type Left } from "./storage";
import { say } from "./texts";
import { followCommands, toggle } from "./commands";
import { Transport } from "./transport";

const INHERIT_EVERY = 10_000;

function start(config: Config, saver: HTMLFormElement): void {
  const outbox = new Outbox(config.version, empty());
  const keeper = new Keeper(browserStore, `${config.user}:${config.draft}`, crypto.getRandomValues(new Uint32Array(2)).join(""));
  const page = new BuilderPage(config, outbox, keeper);
  const words = { refused: say(config.texts, "not_accepted"), tooLarge: say(config.texts, "too_large") };
  const autosave = new Autosave(outbox, page, words, config.saved_at);
  autosave.transport = new Transport(saver, (answer) => autosave.arrived(answer));
  page.autosave = autosave;
  page.indicator = new IndicatorView(config.texts, () => ({ ...autosave.facts(), problems: problemsShown(), kept: keeper.works }));
  page.conflict = ({ conflicts }) => recover(config, "conflict", { conflicts, decided: (theirs: string[]) => autosave.resolve(theirs) });
  page.expired = () => recover(config, "gone", { url: page.saveUrl(), left: (): Left => unsent(page, outbox, keeper) });

  autosave.lock(config.status === "deploying");
  followForms(autosave);
  guardLeaving(autosave, keeper);
  connect(config, page, autosave);
  inherit(page, autosave, keeper);
  setInterval(() => inherit(page, autosave, keeper), INHERIT_EVERY);
  page.overlay();
  page.changed();
}

function connect(config: Config, page: BuilderPage, autosave: Autosave): void {
  const operate = (url: string, fields = {}): void => void autosave.operate(url, fields).then((state) => state && announce(state));
  const undo = (): void => operate(config.urls.undo);
  const redo = (): void => operate(config.urls.redo);
  const announce = ({ done: { words, action, path, url } }: DraftState): void => {
    if (words) toast(words, { action, run: () => (path && url ? lead(path, url) : redo()), topic: "undo" });
  };
  listenForKeys({ save: () => autosave.flush(), undo, redo, toggle });
  const showRefused = (): void => {
    const { outbox } = autosave;
    const paths = Object.keys(outbox.refusals);
    const here = paths.find((path) => boxesOf(path).length);
    if (here) jump(here);
    else if (paths.length) recover(config, "refused", { outbox, steps: config.steps, changed: () => page.changed() });
  };
  followCommands(autosave, { undo, redo, restore: (url, version) => operate(url, { version }), unsaved: () => page.notSaved(), showRefused, catchUp: () => page.catchUp() });
  for (const name of ["online", "offline"]) addEventListener(name, () => page.changed());
  for (const name of ["online", "focus"]) addEventListener(name, () => autosave.trouble && autosave.flush());
  document.addEventListener("htmx:after:swap", () => {
    page.overlay();
    page.indicator.paint();
    jumpIfAsked();
    fetchVariablesMenu(config);
  });
  document.addEventListener("htmx:before:request", awaitRelease);
  fetchVariablesMenu(config);
  followSteps((version) => page.stepShown(version));
  jumpIfAsked();
  beginWithName();
  document.addEventListener("builder:create-item", (event) => {
    const { list, key } = (event as CustomEvent<{ list: string; key: string }>).detail;
    void page.createItem(list, key);
  });
  followPreview(config, page, autosave);
  fetchRecovery(config);
  new Live(
    config.urls.events,
    (notice) => {
      // What was deployed or abandoned here is gone; the page is about to leave.
      if (autosave.ending) return;
      if (!notice.patch_id || !autosave.sent.has(notice.patch_id)) page.catchUp();
    },
    () => page.catchUp(),
  );
}

/** What an answer changes on the page waits until nothing is pressed. */
function awaitRelease(event: Event): void {
  const { ctx } = (event as CustomEvent<{ ctx: { fetch: typeof fetch } }>).detail;
  const ask = ctx.fetch;
  ctx.fetch = async (...given) => {
    const answer = await ask(...given);
    await released();
    return answer;
  };
}

/** How many errors the page counts: it also learns of those that no save has made or mended. */
const problemsShown = (): number => Number(document.querySelector("#problems [data-tone]")?.textContent ?? 0);

/** The script of what is beside the form comes right after the page; the widget may open its session first. */
function followPreview(config: Config, page: BuilderPage, saving: Autosave): void {
  let last: unknown;
  document.addEventListener("privexbot:ready", (event) => (last = (event as CustomEvent).detail));
  const failed = (words?: string): void => (words ? toast(words) : page.failedOperation({ kind: "network" }));
  addEventListener("load", () => tell(config.scripts.preview, "preview", { saving, failed, opened: () => last }));
}

/** What keeps the draft, and helps when something went wrong, comes right after the page: before the server
 * is missed. */
function fetchRecovery(config: Config): void {
  const fetchNow = (): void => void load(config.scripts.recovery);
  addEventListener("load", fetchNow);
  document.addEventListener("draft:saved", fetchNow);
}

const recover = (config: Config, name: string, detail: unknown): void => tell(config.scripts.recovery, name, detail);

/** Tell a script of something, once it is there. */
function tell(script: string, name: string, detail: unknown): void {
  void load(script).then(() => document.dispatchEvent(new CustomEvent(`builder:${name}`, { detail })));
}

/** The script of the variables menu, once a step has a box for it. */
function fetchVariablesMenu(config: Config): void {
  if (document.querySelector("[data-slash]")) void load(config.scripts.variables);
}

/** Edits that pages of this browser left behind when they were closed, or crashed. */
function inherit(page: BuilderPage, autosave: Autosave, keeper: Keeper): void {
  const { outbox } = autosave;
  // A record that is not renewed is taken for what a page that crashed left behind.
  if (outbox.dirty) page.changed();
  if (outbox.contents.flight) return;
  const { contents, forget } = keeper.left();
  if (!outbox.takeOver(contents)) return;
  forget();
  page.changed();
  page.overlay();
  autosave.flush();
}

/** All that was typed in this browser and is not on the server: here, and on pages that are gone. */
function unsent(page: BuilderPage, outbox: Outbox, keeper: Keeper): Left {
  const { contents, forget } = keeper.left();
  return {
    contents: joined(contents, outbox.contents),
    forget: () => {
      forget();
      outbox.clear();
      page.changed();
    },
  };
}

const config = json<Config>("builder-config");
const saver = document.querySelector<HTMLFormElement>("#draft-saver");
if (config && saver) start(config, saver);
