// A list to choose from by typing, arrow keys or pointer: kinds to add, nodes to find or to connect.
import { useId, useRef, useState, type KeyboardEvent } from "react";
import { fit } from "../palette/find";
import { useFloating, useOutside } from "./floating";
import { Icon, IconButton } from "./icon";
import { useIsland } from "./island";
import type { Position } from "./types";

export interface Option {
  id: string;
  label: string;
  note?: string;
  /** What it is called elsewhere: found, not shown. */
  words?: string;
  icon?: string;
  tone?: string;
  group?: string;
}

interface Props {
  title: string;
  placeholder: string;
  options: Option[];
  at: Position;
  onPick: (id: string) => void;
  onClose: () => void;
  /** What Enter would choose. */
  onActive?: (id: string | null) => void;
  /** The type of what is dragged; its data is the option's id. */
  drag?: string;
  hint?: string;
}

/** How well the query fits: the label, or the id, by which expressions and the log call a node, then what it is
 * called elsewhere, then the note. Letters in order are enough for the label alone. */
function scoreOf(query: string, { id, label, words = "", note = "" }: Option): number {
  const byId = fit(query, id) === 4 ? 8 : 0;
  const byWords = fit(query, words) > 2 ? 5 : 0;
  const byNote = fit(query, note);
  return Math.max(2 * fit(query, label), byId, byWords, byNote > 1 ? byNote : 0);
}

function found(options: Option[], query: string): Option[] {
  if (!query.trim()) return options;
  const scored = options.map((option) => ({ option, score: scoreOf(query, option) }));
  const fitting = scored.filter(({ score }) => score > 0);
  return fitting.sort((one, other) => other.score - one.score).map(({ option }) => ({ ...option, group: "" }));
}

export function Picker(props: Props) {
  const { title, placeholder, at, onPick, onClose, onActive, hint } = props;
  const { say } = useIsland();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  const id = useId();
  const options = found(props.options, query);
  useFloating(place, at);
  useOutside(place, onClose);

  const choose = (index: number): void => {
    const to = options.length ? (index + options.length) % options.length : 0;
    setActive(to);
    onActive?.(options[to]?.id ?? null);
    document.getElementById(`${id}-${to}`)?.scrollIntoView({ block: "nearest" });
  };
  const typed = (text: string): void => {
    setQuery(text);
    setActive(0);
    onActive?.(found(props.options, text)[0]?.id ?? null);
  };
  const pressed = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const to = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key];
    const option = options[active];
    if (to !== undefined) choose(to);
    else if (event.key === "Enter" && event.target instanceof HTMLInputElement) option && onPick(option.id);
    else if (event.key === "Escape") onClose();
    else return;
    event.preventDefault();
  };
  return (
    <div ref={place} popover="manual" className="canvas-picker" role="dialog" aria-label={title} onKeyDown={pressed}>
      <div className="canvas-picker-head">
        <strong>{title}</strong>
        <IconButton icon="x" label={say("close")} onClick={onClose} />
      </div>
      <div className="canvas-picker-box">
        <Icon name="search" />
        <input
          className="bare"
          role="combobox"
          aria-label={placeholder}
          aria-expanded={options.length > 0}
          aria-controls={options.length ? `${id}-list` : undefined}
          aria-activedescendant={options.length ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={query}
          onChange={(event) => typed(event.target.value)}
        />
      </div>
      {options.length > 0 && (
        <div className="canvas-picker-list" role="listbox" id={`${id}-list`} aria-label={title} tabIndex={-1}>
          {groups(options).map(([group, members]) => (
            <div key={group} role="group" aria-label={group || title}>
              {group && <div className="menu-label" aria-hidden="true">{group}</div>}
              {members.map((option) => {
                const index = options.indexOf(option);
                return <Row key={option.id} id={`${id}-${index}`} option={option} chosen={index === active} drag={props.drag} onPick={onPick} />;
              })}
            </div>
          ))}
        </div>
      )}
      <p className="canvas-picker-none" role="status">{options.length ? "" : say("nothing_found")}</p>
      {hint && <p className="canvas-picker-hint help">{hint}</p>}
    </div>
  );
}

function groups(options: Option[]): [string, Option[]][] {
  const all = new Map<string, Option[]>();
  for (const option of options) all.set(option.group ?? "", [...(all.get(option.group ?? "") ?? []), option]);
  return [...all];
}

function Row({ id, option, chosen, drag, onPick }: { id: string; option: Option; chosen: boolean; drag: string | undefined; onPick: (id: string) => void }) {
  return (
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      className="canvas-option"
      data-tone={option.tone}
      draggable={Boolean(drag)}
      onDragStart={(event) => {
        if (drag) event.dataTransfer.setData(drag, option.id);
        event.dataTransfer.effectAllowed = "copy";
      }}
      onClick={() => onPick(option.id)}
    >
      {option.icon && (
        <span className="canvas-card-icon">
          <Icon name={option.icon} />
        </span>
      )}
      <span className="canvas-option-words">
        <span className="truncate">{option.label}</span>
        {option.note && <span className="help">{option.note}</span>}
      </span>
    </div>
  );
}
