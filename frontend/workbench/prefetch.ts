// Keeps the next items at hand before they are needed.

import type { Lease, NextReply, Nothing, Schema } from "./types.ts";
import type { Transport } from "./transport.ts";

export interface Given {
  readonly transport: Transport;
  readonly url: string;
  readonly schemaUrl: string;
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly ahead: number;
  /** Leases answered here that the server may not know of yet. */
  readonly answered: () => ReadonlySet<string>;
  readonly tell: (news: NextReply) => void;
}

export class Prefetch {
  #queue: Lease[] = [];
  #schemas: Map<string, Schema>;
  #running: Promise<void> | null = null;
  #gone = new Set<string>();
  nothing: Nothing | null = null;
  away = false;
  /** Not null when logged out; with the server's words where the person may no longer work here. */
  loggedOut: string | null = null;
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
    this.#schemas = new Map(Object.entries(given.schemas));
  }

  get length(): number {
    return this.#queue.length;
  }

  schema(id: number): Schema | undefined {
    return this.#schemas.get(String(id));
  }

  /** The next item, at once if there is one. */
  take(): Lease | undefined {
    const lease = this.#queue.shift();
    if (lease) this.#gone.add(lease.lease);
    return lease;
  }

  /** The one that would be next. */
  peek(): Lease | undefined {
    return this.#queue[0];
  }

  /** Put an item back to the front: it was taken but not answered. */
  giveBack(lease: Lease): void {
    this.#queue.unshift(lease);
  }

  /** What is at hand but may not be shown any more. */
  forget(): void {
    this.#queue = [];
    this.#gone.clear();
  }

  /** Ask the server for more when too few are at hand; calls while one is under way share it. */
  fill(): Promise<void> {
    if (this.#queue.length >= this.#given.ahead) return Promise.resolve();
    this.#running ??= this.#ask().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #ask(): Promise<void> {
    const reply = await this.#given.transport.post(this.#given.url, { want: this.#given.ahead + 1 });
    this.away = reply.is === "away";
    this.loggedOut = reply.is === "logged-out" ? (reply.message ?? "") : null;
    if (reply.is === "refused") this.nothing = { reason: "refused", message: reply.message, until: null };
    if (reply.is !== "ok") return;
    const news = reply.body as NextReply;
    const answered = this.#given.answered();
    const held = new Set(this.#queue.map((lease) => lease.lease));
    const fresh = news.leases.filter((lease) => !held.has(lease.lease) && !this.#gone.has(lease.lease) && !answered.has(lease.lease));
    await Promise.all([...new Set(fresh.map((lease) => lease.schema))].map((id) => this.#learn(id)));
    this.#queue.push(...fresh.filter((lease) => this.#schemas.has(String(lease.schema))));
    this.nothing = news.nothing;
    this.#given.tell(news);
  }

  async learn(id: number): Promise<Schema | undefined> {
    await this.#learn(id);
    return this.schema(id);
  }

  async #learn(id: number): Promise<void> {
    if (this.#schemas.has(String(id))) return;
    const reply = await this.#given.transport.session(`${this.#given.schemaUrl}${id}`);
    if (reply.is === "ok") this.#schemas.set(String(id), reply.body as Schema);
  }
}
