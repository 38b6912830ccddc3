// The person's last twenty answers: those given on this page and those the server remembers.

import type { Transport } from "./transport.ts";
import type { Answered } from "./types.ts";

const MOST = 20;

export class Recent {
  #own: Answered[] = [];
  #server: readonly Answered[] = [];
  #isLoaded = false;
  readonly #given: { readonly transport: Transport; readonly url: string };

  constructor(given: { transport: Transport; url: string }) {
    this.#given = given;
  }

  /** Newest first; an answer given here hides the server's older one. */
  get list(): readonly Answered[] {
    const own = new Set(this.#own.map((each) => each.lease));
    return [...this.#own, ...this.#server.filter((each) => !own.has(each.lease))].slice(0, MOST);
  }

  add(answered: Answered): void {
    this.#own = [answered, ...this.#own.filter((each) => each.lease !== answered.lease)].slice(0, MOST);
  }

  /** Ask the server once; away from it, what was answered here is still at hand. */
  async load(): Promise<void> {
    if (this.#isLoaded) return;
    const reply = await this.#given.transport.session(this.#given.url);
    if (reply.is !== "ok") return;
    this.#server = (reply.body as { answered: readonly Answered[] }).answered;
    this.#isLoaded = true;
  }
}
