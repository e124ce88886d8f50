// Reads server-sent events from the answer to a POST, which `EventSource` cannot do.

export interface ServerEvent {
  name: string;
  data: Record<string, unknown>;
}

/** The events of a stream in order; what is not JSON is left out. */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
      rest = parts.pop() ?? "";
      for (const part of parts) {
        const event = parse(part);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function parse(part: string): ServerEvent | undefined {
  let name = "message";
  let data = "";
  for (const line of part.split(/\r?\n/)) {
    const [, field, value] = /^(event|data): ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value as string;
    else if (field === "data") data += value;
  }
  try {
    return { name, data: JSON.parse(data) };
  } catch {
    return undefined;
  }
}
