// The public script: one widget for the page, or one for each `data-privexbot-inline` element,
// and `window.PrivexBot`. Calls made before the script came are carried out when it is ready.
import type { Config } from "./types";
import { widget, type Api } from "./widget";

type Call = [method: string, ...given: unknown[]];
type Public = Partial<Api> & { mount(): void };

declare global {
  interface Window {
    privexbotConfig?: Config;
    PrivexBot?: unknown;
  }
}

function start(script: HTMLScriptElement | null, waiting: Call[]): void {
  const config: Config = { ...window.privexbotConfig, ...script?.dataset };
  const widgets = new Map<HTMLElement | null, Api>();
  const life = new AbortController();
  const { signal } = life;

  const put = (own: Config, place: HTMLElement | null): void => {
    const base = own.endpoint ?? `${new URL(script?.src ?? location.href).origin}/widget/v1/${own.key}`;
    if (!widgets.has(place)) widgets.set(place, widget(own, base, place));
  };
  const push = ([method, ...given]: Call): unknown =>
    (api as unknown as Record<string, (...all: unknown[]) => unknown>)[method]?.(...given);
  const own = {
    push,
    /** Put a widget into every place on the page that has none yet; places may come and go. */
    mount() {
      for (const [place, its] of widgets) if (place?.isConnected === false && widgets.delete(place)) its.destroy();
      if (config.key) put(config, null);
      for (const place of document.querySelectorAll<HTMLElement>("[data-privexbot-inline]")) put({ ...config, ...place.dataset }, place);
      Object.assign(api, [...widgets.values()][0], own);
      if (widgets.size) waiting.splice(0).forEach(push);
    },
    /** Listen to what happens; gives the function that stops it. */
    on(name: string, listen: (detail: unknown) => void) {
      const hear = (event: Event): void => listen((event as CustomEvent).detail);
      addEventListener(`privexbot:${name}`, hear, { signal });
      return () => removeEventListener(`privexbot:${name}`, hear);
    },
    destroy() {
      for (const each of widgets.values()) each.destroy();
      life.abort();
      delete window.PrivexBot;
    },
  };
  // The builder says what was changed before it is saved.
  const painted = (event: Event): void => {
    for (const each of widgets.values()) each.profile((event as CustomEvent).detail);
  };
  const api: Public = (window.PrivexBot = { ...own });
  addEventListener("privexbot:profile", painted, { capture: true, signal });
  addEventListener("DOMContentLoaded", own.mount, { signal });
  own.mount();
}

const before = window.PrivexBot as Public | Call[] | undefined;
if (before && "mount" in before) before.mount();
else start(document.currentScript as HTMLScriptElement | null, before ?? []);
