// The widget's own words. A page or an assistant may replace each, for all or for one language.
import type { Overrides } from "./types";

const ENGLISH = {
  chat: "Chat",
  open: "Open chat",
  unread: "Open chat, new message",
  close: "Close chat",
  fresh: "New chat",
  end: "End chat",
  log: "Conversation",
  type: "Type a message",
  send: "Send",
  stop: "Stop",
  stopped: "Stopped",
  you: "You",
  bot: "Assistant",
  sources: "Sources",
  retry: "Try again",
  again: "Answer again",
  up: "Helpful",
  down: "Not helpful",
  about: "About you",
  begin: "Start chat",
  later: "Not now",
  choose: "Choose…",
  thanks: "Sent. Thank you.",
  offline: "You are offline. Your message was kept.",
  failed: "The chat cannot be reached. Nothing was lost.",
  refused: "This chat is not available here.",
};

export type Key = keyof typeof ENGLISH;
export type Say = (key: Key) => string;

/** A function that gives the text of a key in `language`, English where nothing else is known. */
export function speak(overrides: Overrides, language: string): Say {
  const texts = { ...ENGLISH, ...overrides, ...(overrides[language] as object | undefined) };
  return (key) => String(texts[key]);
}

/** Whether `language` is written from right to left. */
export const rightToLeft = (language: string): boolean => /^(ar|fa|he|ur)/.test(language);
