// An edge as a line, with what can be done in its middle. The same can be done from the keyboard in a
// node's list of connections, so the buttons are for the pointer alone.
import { memo } from "react";
import { getBezierPath, getSmoothStepPath, type EdgeProps } from "@xyflow/react";
import type { WireEdge } from "./cards";
import { useIsland } from "./island";
import { passageOf } from "./placing";
import { remove } from "./removing";

// React Flow ends a line where what is pressed ends; ours ends at the dot in its middle.
const BESIDE = 6;

export const Wire = memo(function Wire(props: EdgeProps<WireEdge>) {
  const { id, data, sourceY, targetY, sourcePosition, targetPosition } = props;
  const { editor, say } = useIsland();
  const [sourceX, targetX] = [props.sourceX - BESIDE, props.targetX + BESIDE];
  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition };
  // What leads to the left goes round the cards instead of through them.
  const round = targetX < sourceX + 24;
  const [path, x, y] = round ? getSmoothStepPath({ ...ends, centerY: passageOf(editor, props.source, props.target, data?.back), borderRadius: 16, offset: 28 }) : getBezierPath(ends);
  const taken = data?.taken ?? 0;
  return (
    <>
      <path d={path} className="react-flow__edge-path" data-back={data?.back || undefined} />
      {taken > 0 && <path key={taken} d={path} className="canvas-taken" pathLength={1} />}
      <path d={path} className="react-flow__edge-interaction" fill="none" strokeOpacity={0} strokeWidth={24} />
      {editor.editable && (
        <g className="canvas-wire-tools nopan" transform={`translate(${x} ${y})`}>
          <Tool y={0} icon="M-4 0H4M0 -4V4" label={say("insert_short")} onClick={() => editor.open({ kind: "palette", joint: { way: "on", edge: id }, place: null, at: screenOf(editor, x, y) })} />
          <Tool y={-24} icon="M-3.5 -3.5 3.5 3.5M3.5 -3.5 -3.5 3.5" label={say("remove_connection")} onClick={() => remove(editor, [], [id])} />
        </g>
      )}
    </>
  );
});

const screenOf = (editor: ReturnType<typeof useIsland>["editor"], x: number, y: number) => editor.flow.flowToScreenPosition({ x, y });

function Tool({ y, icon, label, onClick }: { y: number; icon: string; label: string; onClick: () => void }) {
  const pressed = (event: React.MouseEvent): void => {
    event.stopPropagation();
    onClick();
  };
  return (
    <g className="canvas-wire-tool" transform={`translate(0 ${y})`} onClick={pressed}>
      <title>{label}</title>
      <circle r={12} />
      <path d={icon} />
    </g>
  );
}
