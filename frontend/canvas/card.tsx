// One node as a card: what it is, what it does in a line, its ways in and out, what is wrong with it,
// and how it fared in the run. Drawn anew only when one of these changes.
import { memo } from "react";
import { Handle, Position, type NodeProps } from "@xyflow/react";
import { duration } from "../app/duration";
import { toHandle, type CardNode, type Way } from "./cards";
import { Icon } from "./icon";
import { useIsland } from "./island";
import type { NodeRun } from "./runs";
import type { Say } from "./texts";
import { COMMENT, type FlowNode, type Kind, type Problem } from "./types";

/** How a card is called: all that is seen on it, in words. */
export function nameOf(say: Say, kind: Kind | undefined, { node, problems, blank, run }: CardNode["data"], selected: boolean): string {
  const words = node.type === COMMENT ? [say("note"), node.summary || node.label] : [titleOf(say, kind, node), node.summary];
  if (node.pinned) words.push(say("pinned"));
  if (run) words.push(say(`run_${run.status}`));
  if (problems.length) words.push(blank ? say("to_fill_in") : say.many("problems", problems.length), ...problems.map(({ message }) => message));
  if (selected) words.push(say("selected"));
  return words.filter(Boolean).join(", ");
}

function titleOf(say: Say, kind: Kind | undefined, node: FlowNode): string {
  const { id, type, label } = node;
  const name = kind?.label ?? type;
  return isNamed(kind, node) ? say("node_name", { kind: name, label }) : [name, idBeside(name, id)].filter(Boolean).join(" ");
}

/** Whether somebody has given it a name of its own. */
const isNamed = (kind: Kind | undefined, { type, label }: FlowNode): boolean => Boolean(label) && label !== (kind?.label ?? type);

/** What tells it from others of its kind, where that is not the kind's name again. */
const idBeside = (name: string, id: string): string => (id.toLowerCase() === name.toLowerCase() ? "" : id);

export const Card = memo(function Card({ data, isConnectable }: NodeProps<CardNode>) {
  const { editor } = useIsland();
  const { node, ways, problems, blank, run } = data;
  const kind = editor.model.kinds.get(node.type);
  if (node.type === COMMENT) return <Note node={node} />;
  const named = isNamed(kind, node);
  const title = node.label || kind?.label || node.type;
  const besides = named ? [node.summary || kind?.label] : [idBeside(title, node.id), node.summary || kind?.help];
  const [first, ...rest] = ways;
  // The main way on is beside the title when it needs no words; all others have a line each.
  const beside = first && !first.label && !first.missing ? first : null;
  const lines = beside ? rest : ways;
  return (
    <div className="canvas-card" data-tone={kind?.tone} data-run={run?.status} data-problem={blank ? undefined : worst(problems)}>
      {node.has_input && <Handle type="target" position={Position.Left} className="canvas-in" isConnectable={isConnectable} />}
      <div className="canvas-card-head">
        <span className="canvas-card-icon">
          <Icon name={kind?.icon ?? "box"} />
          {run && <Ring run={run} />}
        </span>
        <div className="canvas-card-words">
          <div className="canvas-card-title">
            <span className="truncate">{title}</span>
            {node.pinned && <Pin />}
            {run?.ms != null && <span className="canvas-card-time">{duration(run.ms)}</span>}
          </div>
          <div className="canvas-card-summary truncate">{besides.filter(Boolean).join(" · ")}</div>
        </div>
        {problems.length > 0 && <Badge problems={problems} blank={blank} />}
      </div>
      {problems.length > 0 && <Tip problems={problems} blank={blank} />}
      {beside && <Handle type="source" id={toHandle(beside.id)} position={Position.Right} className="canvas-out" isConnectable={isConnectable} />}
      {lines.length > 0 && <Ways ways={lines} isConnectable={isConnectable} />}
    </div>
  );
});

function Note({ node }: { node: FlowNode }) {
  return <div className="canvas-note">{node.summary || node.label}</div>;
}

function Ways({ ways, isConnectable }: { ways: Way[]; isConnectable: boolean }) {
  const { say } = useIsland();
  return (
    <div className="canvas-ways">
      {ways.map((way) => (
        <div key={way.id} className="canvas-way" data-missing={way.missing || undefined}>
          <span className="truncate">{way.missing ? say("way_missing", { label: way.label }) : way.label || say("way_main")}</span>
          <Handle type="source" id={toHandle(way.id)} position={Position.Right} className="canvas-out" isConnectable={isConnectable && !way.missing} />
        </div>
      ))}
    </div>
  );
}

const worst = (problems: Problem[]): string | undefined =>
  problems.some(({ severity }) => severity === "error") ? "error" : problems.length ? "warning" : undefined;

// The words are in the card's name; here they are for the eye, when the pointer or the focus is there.
function Tip({ problems, blank }: { problems: Problem[]; blank: boolean }) {
  const { say } = useIsland();
  return (
    <ul className="canvas-tip" aria-hidden="true">
      {blank && <li>{say("to_fill_in")}</li>}
      {problems.map(({ severity, message }) => (
        <li key={message} data-severity={severity}>
          {message}
        </li>
      ))}
    </ul>
  );
}

function Badge({ problems, blank }: { problems: Problem[]; blank: boolean }) {
  const tone = worst(problems);
  if (blank)
    return (
      <span className="canvas-badge" aria-hidden="true">
        <Icon name="circle-dashed" />
      </span>
    );
  return (
    <span className="canvas-badge" data-severity={tone} aria-hidden="true">
      <Icon name={tone === "error" ? "circle-alert" : "triangle-alert"} />
      {problems.length > 1 && problems.length}
    </span>
  );
}

function Pin() {
  return (
    <span className="canvas-pin" aria-hidden="true">
      <Icon name="pin" />
    </span>
  );
}

const MARKS = { ok: "check", failed: "x", waiting: "clock", handled: "shield-check" } as const;

function Ring({ run }: { run: NodeRun }) {
  const mark = run.status === "running" ? null : MARKS[run.status];
  return (
    <span className="canvas-ring" data-status={run.status} aria-hidden="true">
      {mark && <Icon name={mark} />}
    </span>
  );
}
