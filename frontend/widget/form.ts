// What a visitor is asked for: variables before the chat, and the lead form when it is due.
// The browser validates the fields and says what is missing.
import { el, textButton } from "./dom";
import { focus } from "./frame";
import { inline } from "./inline";
import { add, note } from "./log";
import { emit, keep, remember, type Widget } from "./model";
import { post, words } from "./server";
import { Reading, type Field, type LeadForm, type Values } from "./types";

/** The lead form, if it is wanted at this time and was not seen yet. */
export function due(w: Widget, timing: LeadForm["timing"]): LeadForm | undefined {
  const { lead } = w.profile;
  return w.session?.lead_needed && !w.kept.asked && lead?.timing === timing ? lead! : undefined;
}

/** Ask for what must be known before the first message, or no more when nothing must. */
export function askFirst(w: Widget): void {
  const { session, profile, variables, told } = w;
  const collect = profile.collect!.filter(
    ({ name, required }) => session!.collect_needed && !(name in variables) && (required || !told),
  );
  const lead = due(w, "before_chat");
  if (collect.length || lead) ask(w, collect, lead);
  else unask(w);
}

/** Show a form. With `then` it can be declined, and `then` is done in either case. */
export function ask(w: Widget, collect: readonly Field[], lead?: LeadForm, then?: () => unknown): void {
  const { say, composer, log, variables } = w;
  const fields = [...collect, ...(lead?.fields ?? [])];
  const title = lead?.title || say("about");
  const fault = el("p", { role: "alert" });
  const done = (): void => {
    if (lead) keep(w, { asked: true });
    unask(w);
    focus(w);
    then?.();
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const details = read(w.form!, lead?.fields);
    const told = read(w.form!, collect);
    Object.assign(variables, told);
    if (!then) {
      // For as long as the tab is open: the server has it only with the first message.
      remember(w.session!.session_id, (w.told = { ...w.told, ...told }), "sessionStorage");
    }
    try {
      if (lead) {
        await post(w, "leads", { fields: details });
        emit(w, "lead", details);
      }
      done();
      if (lead) note(w, "status", say("thanks"));
      w.next();
    } catch (error) {
      fault.textContent = words(w, error);
    }
  };
  // What was typed stands in a form that takes the place of another.
  const typed = w.form ? read(w.form, fields) : {};
  unask(w);
  w.form = el(
    "form",
    { class: "form", submit },
    el("b", {}, title),
    ...fields.map((field) => labelled(w, field, typed[field.name] ?? variables[field.variable!] ?? field.default)),
    lead?.consent_text && inline(el("label", {}, el("input", { type: "checkbox", required: true })), lead.consent_text),
    fault,
    el(
      "div",
      { class: "row" },
      el("button", { class: "brand" }, say(then ? "send" : "begin")),
      then && textButton(say("later"), done),
    ),
  );
  composer.hidden = !then;
  if (then) {
    const answer = [...log.querySelectorAll<HTMLElement>(".msg")].at(-1)!;
    add(w, w.form);
    // It comes in sight as far as the answer's beginning stays there, or its end if it is long.
    log.scrollTop = Math.min(log.scrollTop, Math.max(answer.offsetTop, w.form.offsetTop - log.clientHeight + Reading.Near) - 8);
  } else composer.before(w.form);
  // Whoever reads an answer goes on reading, and is told.
  if (lead?.timing === "after_messages") w.live.append(` ${title}`);
  else if (w.shadow.activeElement) focus(w, true);
}

/** Take the form away. */
export function unask(w: Widget): void {
  w.form?.remove();
  w.form = undefined;
  w.composer.hidden = false;
}

function labelled({ say }: Widget, { name, type, label, required, options, autocomplete }: Field, value: Field["default"]): Element {
  const control =
    type === "select"
      ? el("select", { name, required }, ...["", ...options!].map((each) => el("option", { value: each }, each || say("choose"))))
      : el("input", { name, required, type, step: "any", autocomplete });
  control.value = `${value ?? ""}`;
  return el("label", {}, label || name, required ? " *" : "", control);
}

function read(form: HTMLFormElement, fields: readonly Field[] = []): Values {
  const found: Values = {};
  const data = new FormData(form);
  for (const { name, type } of fields) {
    const text = `${data.get(name) ?? ""}`.trim();
    if (text) found[name] = type === "number" ? +text : text;
  }
  return found;
}
