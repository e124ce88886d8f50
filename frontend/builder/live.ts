// Hears of changes made elsewhere. The connection is closed while the tab is hidden; coming back,
// the page fetches what it missed.

export interface Notice {
  version?: number;
  status?: string;
  patch_id?: string;
}

export class Live {
  private source: EventSource | null = null;

  constructor(
    private readonly url: string,
    private readonly heard: (notice: Notice) => void,
    private readonly back: () => void,
  ) {
    document.addEventListener("visibilitychange", () => this.follow());
    addEventListener("pageshow", (event) => event.persisted && this.follow());
    addEventListener("pagehide", () => this.close());
    this.follow();
  }

  private follow(): void {
    if (document.hidden) return this.close();
    if (this.source) return;
    this.source = new EventSource(this.url);
    this.source.addEventListener("listening", () => this.back());
    this.source.addEventListener("change", (event) => this.heard(JSON.parse(event.data) as Notice));
    this.source.addEventListener("error", () => this.retry());
  }

  /** The browser reconnects by itself unless the server refused; the page then finds out why, and it is
   * tried again later. */
  private retry(): void {
    if (this.source?.readyState !== EventSource.CLOSED) return;
    this.close();
    this.back();
    setTimeout(() => this.follow(), 15_000);
  }

  private close(): void {
    this.source?.close();
    this.source = null;
  }
}
