// The widget's elements, made once, and what keys and clicks on them do.
import { el, icon, iconButton } from "./dom";
import css from "./styles.css";

export type Elements = ReturnType<typeof build>;

/** What the elements lead to. */
export interface Acts {
  toggle(): void;
  close(): void;
  /** Close, or begin anew, as the visitor's own wish: there may be something to ask first. */
  leave(): void;
  fresh(): void;
  /** Send what was typed; a click while an answer is on its way stops that. */
  submit(click: boolean): void;
  recall(key: KeyboardEvent): void;
}

/** A panel with its launcher, or the panel alone. What they are called is said later, and anew in
 * each language. */
export function build(inline: boolean, act: Acts) {
  const host = el("privexbot-widget" as "div", { float: !inline });
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  shadow.adoptedStyleSheets = [sheet];

  const badge = el("span", { hidden: true });
  const launcher = iconButton("chat", "", {
    class: "launcher brand",
    "aria-expanded": "false",
    hidden: inline,
    click: act.toggle,
  });
  launcher.append(badge);
  const avatar = el("img", { alt: "", hidden: true, referrerpolicy: "no-referrer", error: () => (avatar.hidden = true) });
  const title = el("h2", { id: "title" });
  const fresh = iconButton("fresh", "", { click: act.fresh });
  const close = iconButton("close", "", { hidden: inline, click: act.leave });
  const log = el("div", { class: "log", role: "log", "aria-live": "off", tabindex: 0 });
  const live = el("div", { class: "sr", "aria-live": "polite" });
  const grow = (): void => {
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
  };
  const input = el("textarea", {
    rows: 1,
    input: grow,
    keydown(event: KeyboardEvent) {
      if (event.isComposing) return;
      if (event.key === "Enter" && !event.shiftKey) submit(event);
      else if (event.key === "ArrowUp") act.recall(event);
    },
  });
  const go = el("button", { class: "brand" }, icon("send"));
  const submit = (event: Event): void => {
    event.preventDefault();
    act.submit(event.type === "submit");
    grow();
  };
  const composer = el("form", { class: "composer", submit }, input, go);
  const panel = el(
    "div",
    {
      class: "panel",
      role: inline ? "group" : "dialog",
      "aria-labelledby": "title",
      hidden: !inline,
      keydown(event: KeyboardEvent) {
        if (event.key !== "Escape" || event.isComposing) return;
        event.stopPropagation();
        act.close();
      },
    },
    el("div", { class: "head brand" }, avatar, title, fresh, close),
    log,
    live,
    composer,
  );
  const whole = el("div", { class: "w", float: !inline, role: "region" }, launcher, panel);
  shadow.append(whole);
  return { host, sheet, shadow, whole, launcher, badge, panel, avatar, title, fresh, close, log, live, input, go, composer };
}
