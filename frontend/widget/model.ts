// What one widget knows and has; the other modules are what it does.
import type { Say } from "./strings";
import type { Config, Identity, News, Profile, Session, Values } from "./types";
import type { Elements } from "./view";

/** What is remembered over page loads. No message: the server keeps those. */
export interface Kept {
  token?: string | undefined;
  session?: string | undefined;
  open?: boolean;
  /** The lead form was filled in or declined. */
  asked?: boolean;
  look?: Pick<Profile, "primary_color" | "theme" | "position">;
}

export type Told = Pick<Widget, "who" | "variables">;

export interface Widget extends Elements {
  config: Config;
  /** The address that everything is sent to. */
  base: string;
  inline: boolean;
  /** The language that it speaks, once the server has said which of its own that is. */
  lang: string;
  say: Say;
  kept: Kept;
  profile: Partial<Profile>;
  session?: Session;
  /** The session while it is being opened, and after. */
  opening?: Promise<Session> | undefined;
  who?: Identity | undefined;
  /** What is known of the visitor, until the server has it. */
  variables: Values;
  /** What the server was told of the visitor and did not refuse. */
  accepted: Told;
  /** What was filled in before the chat; nothing while nothing was. */
  told?: Values | null | undefined;
  send(text: string): void;
  /** Go on with what waits to be said. */
  next(): Promise<void> | undefined;
  /** What the visitor said, oldest first. */
  said: string[];
  /** Who has the conversation, as it was told last: nothing that was told before is listened to. */
  news?: News;
  /** Ends the answer that is on its way. */
  stopper?: AbortController | undefined;
  /** Ends every listener outside of the widget's own elements. */
  life: AbortSignal;
  /** What is only shown under the last message. */
  passing: Element[];
  form?: HTMLFormElement | undefined;
  isOpen: boolean;
  /** Where the focus goes back to. */
  opener?: Element | null;
}

/** Tell the page; `privexbot:<name>` bubbles up from the widget's element. */
export function emit(w: Widget, name: string, detail?: object): void {
  const event = new CustomEvent(`privexbot:${name}`, { detail, bubbles: true });
  w.host.dispatchEvent(event);
}

type Place = "localStorage" | "sessionStorage";

/** What an earlier page remembered. */
export function remembered<T>(name: string, place: Place = "localStorage"): T | null | undefined {
  try {
    return JSON.parse(window[place].getItem(`privexbot:${name}`)!);
  } catch {
    return;
  }
}

export function remember(name: string, value: object | null, place: Place = "localStorage"): void {
  try {
    window[place].setItem(`privexbot:${name}`, JSON.stringify(value));
  } catch {
    // Blocked or full: the page's own memory has it.
  }
}

/** Remember a change; where the browser forbids it, until the page is left. */
export function keep(w: Widget, change: Kept): void {
  remember(w.base, Object.assign(w.kept, change));
}
