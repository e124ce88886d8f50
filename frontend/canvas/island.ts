// What all parts of the canvas share.
import { createContext, useContext } from "react";
import type { Editor } from "./editor";
import type { Say } from "./texts";

export interface Island {
  editor: Editor;
  say: Say;
  sprite: string;
}

export const IslandContext = createContext<Island | null>(null);

export const useIsland = (): Island => useContext(IslandContext)!;
