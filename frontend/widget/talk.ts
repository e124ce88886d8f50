// One message and its answer: streamed, stopped, tried again, answered anew.
import { el, icon, iconButton, textButton } from "./dom";
import { ask, due } from "./form";
import { called } from "./frame";
import { add, bubble, follow, note, tidy } from "./log";
import { render, sources } from "./markdown";
import { emit, type Widget } from "./model";
import { events, post, refusal, words, type Refusal } from "./server";
import type { Key } from "./strings";
import { Reading, type Citation, type Message, type News } from "./types";

/** An error in the visitor's words, of which the page is told too. */
function told(w: Widget, error: unknown): string {
  const message = words(w, error);
  emit(w, "error", { message });
  return message;
}

/** Say what went wrong, with a button to try again where that may help. */
export function failed(w: Widget, error: unknown, retry?: () => unknown): void {
  tidy(w);
  note(w, "alert", told(w, error), retry && textButton(w.say("retry"), retry));
}

/** Messages to pick from. */
export function chips(w: Widget, texts: readonly string[] = []): void {
  const chip = (text: string): Element => textButton(text, () => w.send(text));
  if (texts.length) add(w, el("div", { class: "chips" }, ...texts.map(chip)), true);
}

/** Show the assistant's first words as they are now, above all that was said. */
export function welcome(w: Widget): void {
  w.log.querySelector(".msg:first-child:not(.brand)")?.remove();
  const { welcome_message: content } = w.profile;
  if (!content) return;
  const first = growing(w, "");
  first.end({ content });
  w.log.prepend(first.text.parentNode!);
}

/** What was said on an earlier page, after the assistant's first words. */
export function greet(w: Widget): void {
  const { profile, session } = w;
  w.log.replaceChildren();
  welcome(w);
  let question = "";
  for (const message of session!.messages) {
    tidy(w);
    const { role } = message;
    if (role === "user") said(w, (question = message.content));
    else if (role === "assistant") growing(w, question).end(message);
    else growing(w, "", role as Key).end(message);
  }
  if (!w.said.length) chips(w, profile.suggested_prompts);
  if (!w.log.firstChild) add(w, el("div", { class: "chips" }, w.say("ask")), true);
}

function said(w: Widget, content: string): void {
  w.said.push(content);
  bubble(w, "you", [content]);
}

/** Say `content` and show what comes back. */
export function say(w: Widget, content: string): Promise<void> {
  said(w, content);
  w.log.scrollTop = Reading.End;
  emit(w, "message", { role: "user", content });
  return answer(w, content);
}

/** One answer on the screen; it may still be growing. */
export function growing(w: Widget, question: string, role: Key = "bot") {
  const dots = el("div", { class: "dots", "aria-hidden": true }, "● ● ●");
  const text = el("div", { class: "text" });
  const parts: Element[] = [bubble(w, role, [dots, text])];
  const message: Message = { role: "assistant", content: "", citations: [] };
  let frame = 0;
  const show = (): void => {
    frame = 0;
    dots.remove();
    follow(w, () => render(text, message.content, message.citations));
  };
  const self = {
    message,
    text,
    followUps: undefined as readonly string[] | undefined,
    /** Take in an event of the stream; it is painted with the next frame of the screen. */
    hear(name: string, data: Record<string, unknown>): void {
      if (name === "token") message.content += data["text"];
      if (name === "citation") message.citations = [...message.citations!, data as unknown as Citation];
      if (name === "error") throw refusal(500, data["message"] as string);
      if (name === "done") {
        const { message: content, citations, message_id: id, follow_ups } = data;
        Object.assign(message, { content, citations, id });
        self.followUps = follow_ups as string[];
        listen(w, data as unknown as News);
      }
      emit(w, name, data);
      // Nothing is painted, nor followed, after all was shown.
      frame ||= requestAnimationFrame(() => frame && show());
    },
    /** Nothing more will come: show the whole, and under it sources, how it ended, thumbs, another
     * try; `known` says whether the server has the question, unless it is read from there. */
    end(found?: Partial<Message>, known?: boolean): void {
      const { content, citations, id, status, error } = Object.assign(message, found);
      const mark = error || (status === "stopped" && w.say("stopped"));
      const click = (): void => {
        if (w.stopper) return;
        self.remove();
        answer(w, question, known ?? true);
      };
      const again = mark ? textButton(w.say(error ? "retry" : "again"), click) : iconButton("again", w.say("again"), { click });
      show();
      if (!content) parts[0]!.remove();
      if (w.profile.citations && citations?.length) parts.push(add(w, sources(citations, w.say("sources"))));
      if (!question || !(content || mark)) return;
      const role = known != null && (error ? "alert" : "status");
      const below = mark ? [mark] : w.profile.feedback && id ? thumbs(w, message) : [];
      parts.push(add(w, el("div", { class: error ? "row fault" : "row", role }, ...below, again)));
      w.passing.push(again);
    },
    remove: () => parts.forEach((part) => part.remove()),
  };
  return self;
}

async function answer(w: Widget, message: string, regenerate = false): Promise<void> {
  const { signal } = (w.stopper = new AbortController());
  const { live, go } = w;
  const busy = (now: boolean): void => {
    live.textContent = "";
    go.title = w.say(now ? "stop" : "send");
    go.replaceChildren(icon(now ? "stop" : "send"));
  };
  tidy(w);
  busy(true);
  const shown = growing(w, message);
  let fault: unknown;
  try {
    const { variables, profile } = w;
    const stream = await post(w, "messages", { message, regenerate, variables, invited: profile.invited }, signal);
    regenerate = true; // From here on the server knows the question.
    for await (const event of events(stream.body!)) shown.hear(...event);
    if (!shown.followUps) throw new Error();
  } catch (error) {
    fault = error;
  }
  w.stopper = undefined;
  busy(false);
  if (signal.aborted) {
    emit(w, "stop");
    // Else the conversation ended with it.
    if (signal.reason === true) shown.end({ status: "stopped" }, regenerate);
  } else if (fault) {
    shown.end({ error: told(w, fault) }, regenerate);
    // Sent again as it is, it would be refused again: it can be changed.
    if (/413|422/.test((fault as Refusal).status + "")) w.input.value ||= message;
  } else {
    shown.end();
    heard(w, shown, "bot");
    if (w.profile.follow_ups) chips(w, shown.followUps);
    const lead = due(w, "after_messages");
    if (lead && !w.form && w.said.length >= lead.after_messages!) ask(w, [], lead, () => undefined);
    return w.next();
  }
}

/** What was said while the visitor did something else is read aloud, and shown on the launcher. */
function heard(w: Widget, { text, message }: ReturnType<typeof growing>, role: Key): void {
  if (!message.content) return;
  w.live.textContent = `${w.say(role)}: ${text.textContent}`;
  if (!w.isOpen) called(w, true);
  emit(w, "message", message);
}

/** Show what people write, who have the conversation or may step into it; the server says in how many
 * seconds to look, if it is worth looking at all. */
export async function listen(w: Widget, found: News): Promise<void> {
  const { session, life, news } = w;
  const { messages } = session!;
  if (found.handoff && !news?.handoff) emit(w, "handoff");
  w.news = found;
  if (!found.wait) return;
  await new Promise((done) => setTimeout(done, found.wait! * 1e3));
  const next = await post(w, "news", { after: messages.at(-1)?.id }, life)
    .then((answer) => answer.json())
    .catch(() => ({ ...found, messages: [] }));
  // The conversation on the screen is another one, or it is listened to anew.
  if (w.session === session && w.news === found && !life.aborted) {
    for (const message of next.messages) {
      tidy(w);
      messages.push(message);
      const shown = growing(w, "", message.role);
      shown.end(message);
      heard(w, shown, message.role);
    }
    listen(w, next);
  }
}

/** Two thumbs; pressing the pressed one takes the opinion back. */
function thumbs(w: Widget, { id: message_id, feedback }: Message): HTMLButtonElement[] {
  const buttons = (["up", "down"] as const).map((each) =>
    iconButton("thumb", w.say(each), {
      class: each,
      "aria-pressed": `${each === feedback}`,
      click({ currentTarget }: Event) {
        const value = (currentTarget as Element).ariaPressed === "true" ? null : each;
        for (const button of buttons) button.ariaPressed = `${button.className === value}`;
        post(w, "feedback", { message_id, value }).catch(() => undefined);
        emit(w, "feedback", { message_id, value });
      },
    }),
  );
  return buttons;
}
