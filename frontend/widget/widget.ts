// One widget on a page: makes it, opens its conversation, shows who the assistant is.
import { readable } from "./colors";
import { ask, askFirst, due, unask } from "./form";
import { called, dress, follow, phone, show } from "./frame";
import { bubble } from "./log";
import { emit, keep, remember, remembered, type Kept, type Told, type Widget } from "./model";
import { post, renewed, session, type Refusal } from "./server";
import { rightToLeft, speak } from "./strings";
import css from "./styles.css";
import { failed, greet, growing, listen, say, welcome } from "./talk";
import type { Config, Identity, Profile } from "./types";
import { build } from "./view";

export type Api = ReturnType<typeof widget>;

/** A widget for the assistant at `base`; inside `place` it stands in the page, else it floats. */
export function widget(config: Config, base: string, place: Element | null) {
  const inline = !!place;
  const { identityToken } = config;
  const lang = config.lang || document.documentElement.lang || navigator.language;
  const life = new AbortController();
  let loading: Promise<void> | undefined;
  let changed: Partial<Profile> = {};
  let recalled = 0;
  let begun = 0;
  /** What is to be said, the oldest first. */
  const waiting: string[] = [];

  const load = (): Promise<void> => (loading ??= begin());

  async function begin(): Promise<void> {
    const turn = ++begun;
    const { who } = w;
    w.log.replaceChildren();
    const first = growing(w, "");
    const opened = await session(w).catch((error: Refusal) => error);
    // Begun anew meanwhile: what is on the screen is the other's.
    if (turn !== begun) return;
    if (opened instanceof Error) {
      const { status, message } = opened;
      if (w.who !== who) {
        console.warn(`PrivexBot: ${message}`);
        emit(w, "error", { message });
        return begin();
      }
      first.remove();
      if (status !== 403 || config.csrf) {
        loading = undefined;
        return failed(w, opened, load);
      }
      // A page that may not show the chat asks no more.
      console.warn(`PrivexBot: ${message}`);
      if (w.shadow.activeElement) w.log.focus();
      w.composer.hidden = true;
      return failed(w, opened);
    }
    w.session = opened;
    const { profile, strings, session_id, styles } = opened;
    w.sheet.replaceSync(css + styles);
    w.lang = config.strings ? lang : opened.language;
    w.say = speak({ ...strings, ...config.strings }, lang);
    w.said = [];
    w.profile = { ...profile, ...changed };
    w.told ??= remembered(session_id, "sessionStorage");
    Object.assign(w.variables, { ...w.told, ...w.variables });
    wear(w);
    greet(w);
    askFirst(w);
    emit(w, "ready", { ...opened, token: undefined });
    listen(w, opened);
  }
  function restart(): Promise<void> | undefined {
    w.stopper?.abort();
    unask(w);
    if (!loading && !w.isOpen) return;
    loading = undefined;
    return load();
  }
  function forget(): Told {
    const nobody = { who: undefined, told: undefined, variables: {} };
    Object.assign(w, nobody);
    if (w.kept.session) remember(w.kept.session, null, "sessionStorage");
    keep(w, { asked: false });
    return nobody;
  }
  /** Say what waits the longest, unless a form or an answer comes first. */
  function next(): Promise<void> | undefined {
    const text = w.session && !w.composer.hidden && !w.stopper && waiting.shift();
    if (!text) return;
    recalled = 0;
    return say(w, text);
  }
  /** Do `then`, but ask for the lead first when the chat ends with it. */
  const ending = (then: () => unknown) => (): void => {
    const lead = due(w, "end_of_chat");
    if (lead && w.said.length && !w.form) ask(w, [], lead, then);
    else then();
  };

  const api = {
    open(by = true) {
      show(w, true, by);
      load();
    },
    close: () => show(w, false),
    toggle: () => (w.isOpen ? api.close() : api.open()),
    /** Say `what`, in its turn; where the chat cannot be opened, it stands in the box. */
    async send(what?: unknown) {
      const { input } = w;
      api.open();
      const text = `${what ?? ""}`.trim();
      if (!text) return;
      if (input.value.trim() === text) input.value = "";
      waiting.push(text);
      if (!w.session) bubble(w, "you", [text], true);
      await load();
      if (!w.session) input.value = [...waiting.splice(0), input.value].join("\n").trim();
      await next();
    },
    /** Say who the visitor is; another one begins another conversation. */
    async identify(given: Identity) {
      const { variables, ...who } = { ...given };
      const before = w.session?.session_id;
      const known = w.who?.user_id;
      if (known && known !== (who.user_id ?? known)) forget();
      w.who = { ...w.who, ...who };
      w.variables = { ...w.variables, ...variables };
      if (before) {
        const { session_id, profile } = await renewed(w);
        w.profile.lead = profile.lead;
        if (session_id !== before) await restart();
      }
      // What was asked for before the chat may be known now.
      if (variables && w.form && w.composer.hidden) {
        askFirst(w);
        await next();
      }
    },
    /** Begin anew, with the same visitor. */
    async fresh() {
      if (config.csrf && w.session) await post(w, "reset").catch(() => undefined);
      changed = {};
      waiting.length = 0;
      w.opening = undefined;
      keep(w, { token: undefined, session: undefined });
      emit(w, "reset");
      await restart();
    },
    /** Forget who the visitor is and all that they said: the next one is somebody else. */
    reset() {
      w.accepted = forget();
      return api.fresh();
    },
    /** Show a changed profile at once, without asking the server. */
    profile(change: Partial<Profile>) {
      Object.assign(changed, change);
      Object.assign(w.profile, change);
      if (!w.session) return;
      Object.assign(w.session, change);
      wear(w);
      if (w.said.length) return welcome(w);
      greet(w);
      if (change.collect) askFirst(w);
    },
    destroy() {
      api.close();
      w.stopper?.abort();
      life.abort();
      w.host.remove();
    },
  };

  const ui = build(inline, {
    ...api,
    leave: ending(api.close),
    fresh: ending(api.fresh),
    /** Put what was said before into the box, the newest first. */
    recall(key) {
      const { input, said } = w;
      if (input.value && input.value !== said[recalled]) return;
      key.preventDefault();
      recalled = (recalled || said.length) - 1;
      input.value = said[recalled] ?? "";
    },
    submit(click) {
      if (click && w.stopper) w.stopper.abort(true);
      else if (!w.stopper && (w.session || !waiting.length)) api.send(w.input.value);
    },
  });
  const w: Widget = Object.assign(ui, {
    config,
    base,
    inline,
    lang,
    say: speak({ ...config.strings }, lang),
    who: identityToken ? { identityToken } : undefined,
    kept: remembered<Kept>(base) ?? {},
    profile: {},
    variables: {},
    accepted: { who: undefined, variables: {} },
    send: api.send,
    next,
    said: [],
    life: life.signal,
    passing: [],
    isOpen: inline,
  });
  Object.assign(w.profile, config, w.kept.look);
  wear(w);
  (place ?? document.documentElement).append(w.host);
  follow(w);
  if (inline) load();
  else if (w.kept.open && !phone.matches) api.open(false);
  return api;
}

/** Show the profile as it is now. */
function wear(w: Widget): void {
  const { profile, say, avatar, whole, lang, config, input } = w;
  const { theme = "light", position = "", title, name, placeholder, avatar_url } = profile;
  const color = /^#[0-9a-f]{6}$/i.test(profile.primary_color!) ? profile.primary_color! : "#4f46e5";
  const { on, light, dark } = readable(color);
  dress(w, {
    "--color": color,
    "--on": on,
    "--link": `light-dark(${light},${dark})`,
    "color-scheme": theme === "auto" ? "light dark" : theme,
  });
  whole.lang = lang;
  whole.dir = config.dir || (rightToLeft(lang) ? "rtl" : "");
  whole.ariaLabel = say("chat");
  whole.classList.toggle("left", position === "bottom-left");
  if (w.session) keep(w, { look: { primary_color: color, theme, position } });
  w.title.textContent = title || name || say("chat");
  input.ariaLabel = say("type");
  input.placeholder = placeholder || input.ariaLabel;
  w.close.title = say("close");
  w.log.ariaLabel = say("log");
  w.go.title = say(w.stopper ? "stop" : "send");
  called(w, !w.badge.hidden);
  w.fresh.title = say(due(w, "end_of_chat") ? "end" : "fresh");
  avatar.hidden = !avatar_url;
  if (avatar_url) avatar.src = avatar_url;
}
