// What the visitor does on the page, told each time that something may be due.
import { scrolled, type Reading } from "./rules";

/** Tell `tell` what the visitor has done since the page's address changed last, until `life` ends. */
export function watch(life: AbortSignal, tell: (reading: Reading) => void): void {
  const fresh = (): Reading => ({ href: location.href, seconds: 0, percent: 0, leaving: false });
  let reading = fresh();
  let moved = false;
  const told = (change: Partial<Reading>): void => {
    // A page of an app changes its address without being loaded: that is another page.
    if (page(location.href) !== page(reading.href)) {
      reading = fresh();
      moved = false;
    }
    tell(Object.assign(reading, change));
  };
  const look = (): void => {
    const { scrollTop, clientHeight, scrollHeight } = document.scrollingElement ?? document.documentElement;
    if (moved) told({ percent: Math.max(reading.percent, scrolled(scrollTop, clientHeight, scrollHeight)) });
  };
  const tick = setInterval(() => {
    if (!document.hidden) told({ seconds: reading.seconds + 1 });
  }, 1000);
  life.addEventListener("abort", () => clearInterval(tick));
  addEventListener(
    "scroll",
    () => {
      moved = true;
      look();
    },
    { passive: true, signal: life },
  );
  // Upwards and out of the window, to the tabs and the address: only a mouse can do that.
  document.documentElement.addEventListener(
    "mouseleave",
    ({ clientY }) => {
      if (clientY <= 0) told({ leaving: true });
    },
    { signal: life },
  );
  told({});
}

const page = (href: string): string => href.split("#")[0]!;
