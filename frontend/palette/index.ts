// Loaded when the palette is asked for the first time; app.js dispatches "palette:open" then and
// every time after.
import { openPalette, palette } from "./palette";

palette();
document.addEventListener("palette:open", openPalette);
openPalette();
