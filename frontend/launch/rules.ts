// Which message comes up on a page, and when. Pure.
import type { Invitation } from "./types";

/** What a visitor does on one page so far. */
export interface Reading {
  /** The page's address. */
  href: string;
  /** Seconds for which it was looked at. */
  seconds: number;
  /** How far down the visitor was, of 100. */
  percent: number;
  /** The pointer has left it for the browser's own controls. */
  leaving: boolean;
}

/** Whether the page is one that the message is for: an address that begins with a slash is compared
 * without the site, and what stands behind a # counts for none. */
export function fits({ page_match, page }: Invitation, href: string): boolean {
  const { origin, pathname, search } = new URL(href);
  const wanted = page.trim();
  const path = pathname + search;
  const address = wanted.startsWith("/") ? path : origin + path;
  if (page_match === "contains") return (origin + path).includes(wanted);
  if (page_match === "begins_with") return address.startsWith(wanted);
  if (page_match === "equals") return same(address, wanted) || same(address.split("?")[0]!, wanted);
  return true;
}

/** Whether two addresses are the same but for a last slash. */
function same(one: string, other: string): boolean {
  const bare = (text: string): string => text.replace(/\/$/, "");
  return bare(one) === bare(other);
}

/** Whether its moment has come. */
export function due({ when, seconds, percent }: Invitation, reading: Reading): boolean {
  if (when === "scroll") return reading.percent >= percent;
  if (when === "leaving") return reading.leaving;
  return reading.seconds >= seconds;
}

/** The first message that fits the page, whose moment has come, and that was not `seen` too often. */
export function next(
  invitations: readonly Invitation[],
  reading: Reading,
  seen: (invitation: Invitation) => boolean,
): Invitation | undefined {
  return invitations.find((each) => fits(each, reading.href) && due(each, reading) && !seen(each));
}

/** How far down a page a visitor is, of 100: the whole of a page that is not longer than the screen. */
export function scrolled(top: number, height: number, whole: number): number {
  return whole <= height ? 100 : Math.min(100, Math.round(((top + height) / whole) * 100));
}
