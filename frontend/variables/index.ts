// The variables menu of prompt boxes. Fetched by the builder when a step has such a box.
import { json, type Config } from "../builder/config";
import { SlashMenu } from "./menu";

const config = json<Config>("builder-config");
if (config) {
  new SlashMenu(config.texts, (list, key) => {
    document.dispatchEvent(new CustomEvent("builder:create-item", { detail: { list, key } }));
  });
}
