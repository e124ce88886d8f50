// The widget's own words. A page or an assistant may replace each, for all or for one language.
import type { Overrides } from "./types";

const ENGLISH = {
  chat: "Chat",
  open: "Open chat",
  unread: "Open chat, {n} new",
  close: "Close chat",
  fresh: "Start a new chat",
  end: "End chat",
  log: "Conversation",
  type: "Type a message",
  send: "Send",
  stop: "Stop answering",
  you: "You",
  bot: "Assistant",
  stopped: "Stopped.",
  sources: "Sources",
  retry: "Try again",
  again: "Answer again",
  up: "Helpful",
  down: "Not helpful",
  begin: "Start chat",
  submit: "Send",
  later: "Not now",
  choose: "Choose…",
  thanks: "Thank you. Your details were sent.",
  limit: "Too many messages. Try again in {n} seconds.",
  offline: "You are offline. Your message was kept; try again once you are connected.",
  failed: "The answer did not come through. Your message was kept.",
  refused: "This chat is not available on this page.",
  more: "Suggested messages",
};

export type Key = keyof typeof ENGLISH;
export type Say = (key: Key, n?: number) => string;

/** A function that gives the text of a key in `language`, English where nothing else is known. */
export function speak(overrides: Overrides, language: string): Say {
  const texts = { ...ENGLISH, ...overrides, ...(overrides[language] as object | undefined) };
  return (key, n) => String(texts[key]).replace("{n}", String(n));
}

/** Whether `language` is written from right to left. */
export const rightToLeft = (language: string): boolean => /^(ar|fa|he|ps|ur|yi)/.test(language);
