// What a page shows before anybody opens the chat: the text beside the launcher, and messages that
// come up by themselves. Stands on the page beside the widget's own script, where a release has any.
import { bubble, label } from "./bubble";
import { follow, type Public } from "./follow";
import { memory } from "./memory";
import { next, type Reading } from "./rules";
import styles from "./styles.css";
import type { Invitation, Launch } from "./types";
import { watch } from "./watch";

interface Config {
  key?: string;
  endpoint?: string;
  lang?: string;
  strings?: Record<string, unknown>;
}

/** The widget that floats on the page, once its script has made it. */
const floating = (): HTMLElement | null => document.querySelector("privexbot-widget[float]");

function start(script: HTMLScriptElement | null): void {
  const config: Config = { ...(window.privexbotConfig as Config | undefined), ...script?.dataset };
  if (!config.key) return;
  const base = config.endpoint ?? `${new URL(script?.src ?? location.href).origin}/widget/v1/${config.key}`;
  const language = config.lang || document.documentElement.lang || navigator.language;
  const asked = fetch(`${base}/launch?language=${encodeURIComponent(language)}`, { credentials: "omit" })
    .then((answer) => (answer.ok ? (answer.json() as Promise<Launch>) : undefined))
    // The chat works without what comes before it.
    .catch(() => why(base).catch(() => undefined));
  void Promise.all([asked, widget()]).then(([launch, host]) => {
    if (launch) put(launch, host, base, config);
  });
}

/** Say in the console why the server refuses this page: a refusal itself is hidden from the page. */
async function why(base: string): Promise<undefined> {
  const { detail } = (await (await fetch(`${base}/reason`, { credentials: "omit" })).json()) as { detail?: string };
  if (detail) console.warn(`PrivexBot: ${detail}`);
  return undefined;
}

/** Wait for the widget: its script may come after this one. */
function widget(): Promise<HTMLElement> {
  return new Promise((found) => {
    const look = (): boolean => {
      const host = floating();
      if (host) found(host);
      return !!host;
    };
    if (look()) return;
    const watching = new MutationObserver(() => look() && watching.disconnect());
    watching.observe(document.documentElement, { childList: true });
  });
}

function put(launch: Launch, host: HTMLElement, base: string, config: Config): void {
  const shadow = host.shadowRoot!;
  const whole = shadow.querySelector<HTMLElement>(".w")!;
  const launcher = shadow.querySelector<HTMLElement>(".launcher")!;
  const life = new AbortController();
  const api = window.PrivexBot as Public;
  const kept = memory(`privexbot:launch:${base}`);
  let shown: HTMLElement | undefined;
  let page = "";

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
  whole.lang = launch.language;
  whole.dir = launch.dir;
  const isOpen = (): boolean => launcher.ariaExpanded === "true";
  // The widget says it anew, in the session's words, whenever it is opened or closed.
  if (!isOpen() && !config.strings) launcher.title = launch.strings.open;
  if (launch.launcher_text) {
    launcher.before(label(launch.launcher_text, () => api.open()));
    launcher.title = `${launcher.title}: ${launch.launcher_text}`;
  }

  const close = (): void => {
    if (shown?.contains(shadow.activeElement)) launcher.focus();
    shown?.remove();
    shown = undefined;
  };
  const show = (invitation: Invitation): void => {
    const followed = follow(api, shadow.querySelector(".log")!, invitation);
    const { made, show: say } = bubble(invitation, launch, {
      follow: () => void followed(),
      reply: (text) => void followed().then(() => api.send(text)),
      dismiss() {
        kept.dismiss();
        close();
      },
    });
    shown = made;
    kept.note(invitation);
    launcher.before(made);
    // A region is read when its words change, not when it comes with them.
    requestAnimationFrame(say);
  };
  const told = (reading: Reading): void => {
    if (!host.isConnected) return life.abort();
    // On each page one message comes up at most, and none in an open chat or after a refusal.
    if (page === reading.href || isOpen() || kept.dismissed()) return;
    const invitation = next(launch.invitations, reading, kept.seen);
    close();
    if (!invitation) return;
    page = reading.href;
    show(invitation);
  };
  for (const name of ["privexbot:open", "privexbot:reset"]) host.addEventListener(name, close, { signal: life.signal });
  if (launch.invitations.length) watch(life.signal, told);
}

start(document.currentScript as HTMLScriptElement | null);
