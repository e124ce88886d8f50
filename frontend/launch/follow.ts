// Opens the chat with a message as its first words.
import type { Invitation } from "./types";

/** What this needs of `window.PrivexBot`. */
export interface Public {
  open(): void;
  send(text: string): void;
  fresh(): Promise<void>;
  profile(change: object): void;
  on(name: string, listen: (detail: Ready) => void): () => void;
}

interface Ready {
  messages: readonly unknown[];
  /** A person has the conversation. */
  handoff: boolean;
  profile: { welcome_message: string };
}

/** A function that opens the chat with the message, in a conversation of its own where something was
 * said before: under that nobody would find it. What a person has is left as it is. The promise is
 * kept when the chat is there. */
export function follow(api: Public, log: Element, { id, text, quick_replies }: Invitation) {
  const first = { welcome_message: text, suggested_prompts: quick_replies, invited: id };
  const anew = (): Promise<void> => {
    const begun = api.fresh();
    api.profile(first);
    return begun;
  };
  return (): Promise<void> => {
    if (log.childElementCount) {
      // It was open before on this page.
      const isWithPerson = !!log.querySelector(".person");
      const begun = isWithPerson ? undefined : log.querySelector(".brand") ? anew() : api.profile(first);
      api.open();
      return Promise.resolve(begun);
    }
    return new Promise((done) => {
      const stop = api.on("ready", ({ messages, handoff, profile }) => {
        stop();
        if (handoff) api.profile({ welcome_message: profile.welcome_message, invited: undefined });
        done(messages.length && !handoff ? anew() : undefined);
      });
      api.profile(first);
      api.open();
    });
  };
}
