// What the save indicator says, given what is known. It never says "saved" of anything that the
// server has not acknowledged.
import { pageLanguage, relative } from "../app/times";
import { say, type Texts } from "./texts";

export type Trouble =
  | { kind: "network" }
  | { kind: "server" }
  | { kind: "busy"; seconds: number }
  | { kind: "signed-out" }
  | { kind: "forbidden" }
  | { kind: "locked" }
  | { kind: "expired" };

export interface Facts {
  dirty: boolean;
  sending: boolean;
  online: boolean;
  trouble: Trouble | null;
  retryAt: number | null;
  conflicts: number;
  refused: number;
  problems: number;
  savedAt: number;
}

export type State =
  | "saved"
  | "unsaved"
  | "saving"
  | "offline"
  | "retrying"
  | "conflict"
  | "invalid"
  | "refused"
  | "expired"
  | "signed-out"
  | "forbidden"
  | "locked";

export function stateOf(facts: Facts): State {
  const { trouble } = facts;
  if (trouble?.kind === "expired") return "expired";
  if (facts.conflicts) return "conflict";
  if (trouble?.kind === "signed-out" || trouble?.kind === "forbidden" || trouble?.kind === "locked") return trouble.kind;
  if (facts.sending && !trouble) return "saving";
  if (trouble && facts.dirty) return facts.online ? "retrying" : "offline";
  if (facts.dirty && !facts.online) return "offline";
  if (facts.refused) return "refused";
  if (facts.dirty) return "unsaved";
  return facts.problems ? "invalid" : "saved";
}

const when = ({ savedAt }: Facts, now: number): string =>
  relative(new Date(Math.min(savedAt, now)), new Date(now), pageLanguage(), "narrow");

/** The words for the state at the time `now`. */
export function wordsFor(texts: Texts, facts: Facts, now: number): string {
  const state = stateOf(facts);
  switch (state) {
    case "saved":
      return say(texts, "saved", { when: when(facts, now) });
    case "invalid":
      return say(texts, "saved_problems", { when: when(facts, now), n: facts.problems });
    case "retrying":
      if (facts.sending || facts.retryAt === null) return say(texts, "retrying_now");
      return say(texts, "retrying", { n: Math.max(1, Math.ceil((facts.retryAt - now) / 1000)) });
    case "refused":
      return say(texts, facts.refused === 1 ? "refused_one" : "refused_many", { n: facts.refused });
    default:
      return say(texts, state.replace("-", "_"));
  }
}
