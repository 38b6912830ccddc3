// Builds the next item while the hands rest, so that a key finds it ready.

import type { Item } from "./item.ts";
import type { Lease } from "./types.ts";

const soon = (run: () => void): void => {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: 500 });
  else setTimeout(run, 60);
};

export class Ahead {
  readonly #make: (lease: Lease) => Item | null;
  #lease = "";
  #item: Item | null = null;
  #turn = 0;

  constructor(make: (lease: Lease) => Item | null) {
    this.#make = make;
  }

  /** Build this lease's item when there is time, unless it is built. */
  prepare(lease: Lease | undefined): void {
    if (!lease || lease.lease === this.#lease) return;
    this.drop();
    const turn = this.#turn;
    soon(() => {
      if (turn !== this.#turn) return;
      this.#lease = lease.lease;
      this.#item = this.#make(lease);
    });
  }

  /** The item of this lease, if it was built. */
  take(lease: string): Item | null {
    const item = this.#lease === lease ? this.#item : null;
    if (item) this.#item = null;
    this.drop();
    return item;
  }

  drop(): void {
    this.#turn += 1;
    this.#item?.close();
    this.#item = null;
    this.#lease = "";
  }
}
