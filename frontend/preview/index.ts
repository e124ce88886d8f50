// What the builder does with the preview beside it. Fetched once the page is there.
import { paintPreview } from "./look";
import { connectPreview, type Builder } from "./tools";

document.addEventListener("builder:preview", (event) => connectPreview((event as CustomEvent<Builder>).detail), { once: true });
paintPreview();
