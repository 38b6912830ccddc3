// Keeps unfinished answers in the browser, a moment after each change.

import type { Draft, Store } from "./store.ts";

const WAIT = 150;
const LIFE = 30 * 86_400_000;

export class Drafts {
  readonly #known = new Map<string, Draft>();
  /** Leases answered or skipped on this page: a late write must not bring their draft back. */
  readonly #gone = new Set<string>();
  readonly #given: { readonly store: Store; readonly person: string; readonly failed: () => void };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(given: { store: Store; person: string; failed: () => void }) {
    this.#given = given;
  }

  get(lease: string): Draft | undefined {
    return this.#known.get(lease);
  }

  /** Read a lease's draft from the browser, once; undefined where it was known or there is none. */
  async fetch(lease: string): Promise<Draft | undefined> {
    if (this.#known.has(lease) || this.#gone.has(lease)) return undefined;
    const draft = await this.#given.store.draft(this.#given.person, lease).catch(() => undefined);
    if (!draft || this.#known.has(lease) || this.#gone.has(lease)) return undefined;
    this.#known.set(lease, draft);
    return draft;
  }

  /** Run this when the hands rest. */
  later(keep: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(keep, WAIT);
  }

  keep(draft: Draft): void {
    clearTimeout(this.#timer);
    if (this.#gone.has(draft.lease)) return;
    this.#known.set(draft.lease, draft);
    this.#given.store.keep(draft).catch(this.#given.failed);
  }

  /** The item was answered or skipped; the outbox removes what the browser holds. */
  drop(lease: string): void {
    clearTimeout(this.#timer);
    this.#known.delete(lease);
    this.#gone.add(lease);
  }

  /** Drafts whose leases have long expired go. */
  async sweep(now: number): Promise<void> {
    await this.#given.store.sweep(now - LIFE).catch(this.#given.failed);
  }
}
