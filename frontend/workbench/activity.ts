// Measures active time: only while the page is visible, not paused, and somebody has stirred lately.

export class Activity {
  /** How long a person may read without stirring before the clock stands still. */
  readonly #idle: number;
  #total = 0;
  #since: number | null = null;
  #stirred = 0;
  #paused = false;

  constructor(idle = 60_000) {
    this.#idle = idle;
  }

  /** Begin an item, with the time a draft had collected. */
  start(now: number, before = 0): void {
    this.#total = before;
    this.#stirred = now;
    this.#since = this.#paused ? null : now;
  }

  stir(now: number): void {
    if (this.#paused) return;
    if (this.#since === null) this.#since = now;
    else this.#close(now, now);
    this.#stirred = now;
  }

  pause(now: number): void {
    this.#close(now, null);
    this.#paused = true;
  }

  resume(now: number): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#stirred = now;
    this.#since = now;
  }

  read(now: number): number {
    return Math.round(this.#total + (this.#since === null ? 0 : Math.max(0, Math.min(now, this.#stirred + this.#idle) - this.#since)));
  }

  #close(now: number, next: number | null): void {
    this.#total = this.#since === null ? this.#total : this.#total + Math.max(0, Math.min(now, this.#stirred + this.#idle) - this.#since);
    this.#since = next;
  }
}
