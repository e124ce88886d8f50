/** What one node did; `place` says where it stands in the log, whatever ran beside it. */
export interface Step {
  node_id: string;
  type: string;
  label: string;
  place: number[];
  status?: "ok" | "waiting" | "failed" | "handled" | "stopped" | "reused" | "pinned";
  started_at: number;
  duration_ms?: number;
  input?: unknown;
  output?: unknown;
  handle?: string;
  way?: string;
  error?: string | null;
  /** What its conditions read, by path. */
  read?: Record<string, unknown>;
  tokens?: number;
  shortened?: boolean;
  /** Whether its output was pinned, or unpinned, since the run. */
  kept?: boolean;
}

/** A run in the list. */
export interface Listed {
  id: string;
  at: string;
  message: string;
  status: "whole" | "stopped" | "failed";
  replay_of: { run_id: string; node_id: string; label: string } | null;
}

/** A run with all that is kept of it. */
export interface Run extends Listed {
  /** Made safe by the server. */
  answer_html: string;
  error: string | null;
  steps: Step[];
}
