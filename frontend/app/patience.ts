// How long the builder waits for an answer to a request of its own.

/** Milliseconds, as many as a save gets (`#draft-saver`). */
export const PATIENCE = 20_000;
