// What the server says of a page before anybody opens the chat (`channels_deploy/views/launch.py`).

/** A message that comes up by itself. */
export interface Invitation {
  id: string;
  text: string;
  quick_replies: readonly string[];
  page_match: "any" | "contains" | "begins_with" | "equals";
  page: string;
  when: "time" | "scroll" | "leaving";
  seconds: number;
  percent: number;
  repeat: "visitor" | "visit" | "page";
}

export interface Launch {
  launcher_text: string;
  language: string;
  dir: "ltr" | "rtl";
  /** The widget's words that are needed now, by their names. */
  strings: Record<"open" | "close" | "unread" | "dismiss", string>;
  invitations: readonly Invitation[];
}
