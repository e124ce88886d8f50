// What the server and the widget say to each other; the server's side is the contract.

export interface Field {
  name: string;
  type?: string;
  label?: string;
  required?: boolean;
  options?: readonly string[];
  default?: string | number | null;
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
  extra?: { strings?: Overrides };
}

export interface Citation {
  number: number;
  title: string;
  url: string;
  text: string;
}

export interface Message {
  role: string;
  content: string;
  id?: string | null;
  citations?: readonly Citation[];
}

export interface Session {
  token?: string;
  expires_at?: string;
  session_id: string;
  profile: Profile;
  messages: readonly Message[];
  collect_needed: boolean;
  lead_needed: boolean;
}

export type Values = Record<string, string | number>;

/** Texts by name, or by language and name. */
export type Overrides = Record<string, string | Record<string, string>>;

/** What the page says about the widget: `window.privexbotConfig` and the tag's `data-*`. */
export interface Config {
  key?: string;
  endpoint?: string;
  csrf?: string;
  color?: string;
  theme?: string;
  position?: string;
  lang?: string;
  dir?: string;
  strings?: Overrides;
}
