// What this browser has of a draft that cannot be edited here (any more): a copy that can become a
// new draft. The builder fetches this script when it comes to that.
import { json, type Config } from "../builder/config";
import { Keeper, type Left } from "../builder/storage";
import { offerRestoring } from "./restoring";

function start({ user, draft }: Config): void {
  const keeper = new Keeper(localStorage, `${user}:${draft}`, "reader");
  let left = (): Left => keeper.left();
  const show = offerRestoring(user, draft, () => left());
  // A builder that is open has more than what closed pages left behind.
  document.addEventListener("builder:gone", (event) => {
    left = (event as CustomEvent<() => Left>).detail;
    show();
  });
  show();
}

const config = json<Config>("builder-config");
if (config) start(config);
