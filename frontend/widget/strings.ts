// The widget's own words that are needed before there is a session, in English; with the session the
// server sends all there are in the visitor's language (`conversations/widget_words`). A page may
// replace each, for all or for one language.
import type { Overrides } from "./types";

const ENGLISH = {
  chat: "Chat",
  open: "Open chat",
  close: "Close chat",
  fresh: "New chat",
  type: "Type a message",
  send: "Send",
  you: "You",
  retry: "Try again",
  offline: "You are offline. Nothing was lost.",
  failed: "The chat cannot be reached. Nothing was lost.",
  refused: "The chat cannot be shown here.",
};

type Sent = "log" | "bot" | "ask" | "unread" | "end" | "stop" | "stopped" | "sources" | "again" | "up" | "down" | "about" | "begin" | "later" | "choose" | "thanks" | "person" | "notice" | "preview";
export type Key = keyof typeof ENGLISH | Sent;
export type Say = (key: Key) => string;

/** A function that gives the text of a key in `language`, English where nothing else is known. */
export function speak(overrides: Overrides, language: string): Say {
  const texts: Overrides = { ...ENGLISH, ...overrides, ...(overrides[language] as object | undefined) };
  return (key) => `${texts[key] ?? ""}`;
}

/** Whether `language` is written from right to left. */
export const rightToLeft = (language: string): boolean => /^(ar|fa|he|ur)/.test(language);
