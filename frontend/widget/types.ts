// What the server and the widget say to each other; the server's side is the contract.

export interface Field {
  name: string;
  type?: string;
  label?: string;
  required?: boolean;
  options?: readonly string[];
  autocomplete?: string | null;
  default?: string | number | null;
  /** What the chat knows the same by, of a field of the lead form. */
  variable?: string;
}

export interface LeadForm {
  fields: readonly Field[];
  timing?: "before_chat" | "after_messages" | "end_of_chat";
  after_messages?: number;
  title?: string;
  consent_text?: string;
}

/** What a visitor's browser may know of an assistant. */
export interface Profile {
  name: string;
  title: string;
  welcome_message: string;
  suggested_prompts: readonly string[];
  placeholder: string;
  avatar_url: string;
  theme: string;
  primary_color: string;
  position: string;
  feedback: boolean;
  citations: boolean;
  follow_ups: boolean;
  collect: readonly Field[];
  lead: LeadForm | null;
  /** The proactive message that the visitor followed, whose text is the welcome message then. */
  invited?: string;
}

export interface Citation {
  number: number;
  title: string;
  url: string;
  text: string;
}

/** How deep Markdown may be nested before it is shown as plain text. */
export const enum Depth {
  Most = 6,
}

/** Places in the conversation, in pixels. */
export const enum Reading {
  /** So far from the end somebody still reads the end. */
  Near = 100,
  /** Beyond every end. */
  End = 1e9,
}

export interface Message {
  role: string;
  content: string;
  id?: string | null;
  citations?: readonly Citation[];
  feedback?: string | null;
  /** `stopped` by the visitor; with an `error`, in words, where it failed. */
  status?: string;
  error?: string;
}

/** Who has the conversation, as an answer, a session and what was said since tell it. */
export interface News {
  /** A person has it. */
  handoff?: boolean;
  /** In how many seconds to look for what people said; nothing where nobody can say anything. */
  wait?: number;
}

export interface Session extends News {
  token?: string;
  expires_at?: string;
  session_id: string;
  /** That of `strings`. */
  language: string;
  profile: Profile;
  strings: Overrides;
  /** The look of what there is in a session. */
  styles: string;
  messages: Message[];
  collect_needed: boolean;
  lead_needed: boolean;
}

export type Values = Record<string, string | number>;

/** Texts by name, or by language and name. */
export type Overrides = Record<string, string | Record<string, string>>;

/** Who the visitor is, as the page tells it; `identityToken` is what its server has signed, `hash` the
 * server's signature of `user_id` alone. */
export interface Identity {
  identityToken?: string;
  user_id?: string;
  hash?: string;
  name?: string;
  email?: string;
  variables?: Values;
}

/** What the page says about the widget: `window.privexbotConfig` and the tag's `data-*`. What it says
 * of the profile is shown until the assistant's own is known. */
export interface Config extends Partial<Profile> {
  key?: string;
  endpoint?: string;
  csrf?: string;
  identityToken?: string;
  lang?: string;
  dir?: string;
  strings?: Overrides;
}
