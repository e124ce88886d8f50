// What helps when something went wrong: two people changed one field; or the draft cannot be edited here
// (any more), and this browser has a copy that can become a new draft, and what never reached the server.
// And a builder says how long the draft is kept, and keeps that copy: it fetches this script right after its page.
import { browserStore } from "../builder/browser";
import { json, type Config } from "../builder/config";
import { forgetOldRecords, Keeper, type Left } from "../builder/storage";
import { Conflicts, type Conflict } from "./conflicts";
import { copyKey, forgetOldCopies, keepCopy } from "./copy";
import { watchExpiry } from "./expiry";
import { tellGone } from "./gone";
import { listRefused, type Refused } from "./refused";
import { offerRestoring } from "./restoring";
import { offerUnsent } from "./unsent";

interface Gone {
  /** The address that says what became of the draft. */
  url: string;
  left(): Left;
}

function start(config: Config): void {
  const { user, draft, editable, urls } = config;
  const keeper = new Keeper(browserStore, `${user}:${draft}`, "reader");
  const conflicts = new Conflicts();
  let left = (): Left => keeper.left();
  const parts = [offerRestoring(user, draft, () => left()), offerUnsent(() => left())];
  const show = (): void => parts.forEach((part) => part());
  const on = <T>(name: string, hear: (detail: T) => void): void =>
    document.addEventListener(`builder:${name}`, (event) => hear((event as CustomEvent<T>).detail));
  on<Gone>("gone", async (gone) => {
    // A builder that is open has more than what closed pages left behind.
    left = gone.left;
    if (await tellGone(gone.url)) show();
  });
  on<Refused>("refused", listRefused);
  on<Conflict>("conflict", (conflict) => conflicts.show(conflict));
  show();
  if (!editable) return;
  keepCopy(copyKey(user, draft), urls.export);
  watchExpiry(config);
}

forgetOldCopies();
forgetOldRecords(browserStore);
const config = json<Config>("builder-config");
if (config) start(config);
