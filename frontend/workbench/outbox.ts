// Delivers every answer once: kept before it is sent, retried until the server has said yes or no.

import type { Entry, Store } from "./store.ts";
import type { Reply, Transport } from "./transport.ts";

export type Delivery =
  | { readonly is: "delivered"; readonly entry: Entry; readonly body: Readonly<Record<string, unknown>> }
  | { readonly is: "refused"; readonly entry: Entry }
  | { readonly is: "changed" };

export interface Counts {
  readonly waiting: number;
  readonly elsewhere: number;
  readonly refused: readonly Entry[];
  readonly state: "idle" | "sending" | "away" | "logged-out";
  /** The server's words for a person who may no longer work here. */
  readonly barred: string;
}

export interface Given {
  readonly store: Store;
  readonly transport: Transport;
  readonly person: string;
  readonly project: string;
  readonly urls: Readonly<Record<"submit" | "skip", string>>;
  /** Run something after so many milliseconds. */
  readonly later: (run: () => void, ms: number) => void;
  readonly random: () => number;
  readonly tell: (delivery: Delivery) => void;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 60_000;

export class Outbox {
  #entries: Entry[] = [];
  #state: Counts["state"] = "idle";
  #failures = 0;
  #barred = "";
  #running: Promise<void> | null = null;
  #timer = 0;
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  /** Read what an earlier page left behind. */
  async load(): Promise<void> {
    const kept = await this.#given.store.entries(this.#given.person);
    const known = new Set(this.#entries.map((entry) => entry.key));
    this.#entries = [...kept.filter((entry) => !known.has(entry.key)), ...this.#entries];
  }

  get counts(): Counts {
    const own = this.#entries.filter((entry) => entry.project === this.#given.project);
    return {
      waiting: own.filter((entry) => entry.refused === undefined).length,
      elsewhere: this.#entries.length - own.length,
      refused: own.filter((entry) => entry.refused !== undefined),
      state: this.#state,
      barred: this.#barred,
    };
  }

  /** Leases with an answer in here: the server may still list them as open. */
  leases(): ReadonlySet<string> {
    return new Set(this.#entries.filter((entry) => entry.refused === undefined).map((entry) => entry.lease));
  }

  /** Keep an entry, then send; resolves once it is kept. */
  async add(entry: Entry): Promise<void> {
    this.#entries.push(entry);
    this.#given.tell({ is: "changed" });
    try {
      await this.#given.store.put(entry);
    } finally {
      void this.flush(); // a browser that keeps nothing still sends
    }
  }

  async discard(key: string): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.key !== key);
    await this.#given.store.drop(key);
    this.#given.tell({ is: "changed" });
  }

  /** Send what waits, oldest first, one at a time; a correction must not pass the answer it corrects. */
  flush(): Promise<void> {
    this.#running ??= this.#send().finally(() => {
      this.#running = null;
      if (this.#state === "idle" && this.#next()) void this.flush(); // came in as the last one left
    });
    return this.#running;
  }

  async #send(): Promise<void> {
    this.#timer += 1;
    for (let entry = this.#next(); entry; entry = this.#next()) {
      this.#become("sending");
      const reply = await this.#given.transport.post(this.#given.urls[entry.kind], entry.body);
      if (!(await this.#settle(entry, reply))) return;
    }
    this.#become("idle");
  }

  #next(): Entry | undefined {
    return this.#entries.find((entry) => entry.refused === undefined && entry.project === this.#given.project);
  }

  #become(state: Counts["state"]): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#given.tell({ is: "changed" });
  }

  async #settle(entry: Entry, reply: Reply): Promise<boolean> {
    switch (reply.is) {
      case "ok":
        this.#failures = 0;
        await this.#given.store.drop(entry.key);
        this.#entries = this.#entries.filter((each) => each.key !== entry.key);
        this.#given.tell({ is: "delivered", entry, body: (reply.body ?? {}) as Record<string, unknown> });
        return true;
      case "refused": {
        const refused = { ...entry, refused: { status: reply.status, message: reply.message, problems: reply.problems } };
        await this.#given.store.put(refused);
        this.#entries = this.#entries.map((each) => (each.key === entry.key ? refused : each));
        this.#given.tell({ is: "refused", entry: refused });
        return true;
      }
      case "logged-out":
        this.#barred = reply.message ?? "";
        this.#become("logged-out");
        return false;
      case "away":
        this.#become("away");
        this.#retry(reply.after);
        return false;
    }
  }

  #retry(after: number | null): void {
    const wait = after === null ? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures) * (0.5 + this.#given.random()) : after * 1000;
    this.#failures += 1;
    const timer = this.#timer;
    this.#given.later(() => {
      if (timer === this.#timer) void this.flush();
    }, wait);
  }
}
