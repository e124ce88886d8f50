// What this browser has of a draft that cannot be edited here (any more): a copy that can become a
// new draft, and what never reached the server. The builder fetches this script when it comes to that.
import { browserStore } from "../builder/browser";
import { json, type Config } from "../builder/config";
import { Keeper, type Left } from "../builder/storage";
import { listRefused, type Refused } from "./refused";
import { offerRestoring } from "./restoring";
import { offerUnsent } from "./unsent";

function start({ user, draft }: Config): void {
  const keeper = new Keeper(browserStore, `${user}:${draft}`, "reader");
  let left = (): Left => keeper.left();
  const parts = [offerRestoring(user, draft, () => left()), offerUnsent(() => left())];
  const show = (): void => parts.forEach((part) => part());
  // A builder that is open has more than what closed pages left behind.
  document.addEventListener("builder:gone", (event) => {
    left = (event as CustomEvent<() => Left>).detail;
    show();
  });
  document.addEventListener("builder:refused", (event) => listRefused((event as CustomEvent<Refused>).detail));
  show();
}

const config = json<Config>("builder-config");
if (config) start(config);
