// The one line that says whether answers are safe, how the day goes, and when to rest.

import { h } from "./dom.ts";
import type { Counts } from "./outbox.ts";
import type { Translate } from "./strings.ts";

export class Status {
  readonly #t: Translate;
  readonly #saved = h("span", { class: "status-saved", role: "status" });
  readonly #today = h("span", { class: "status-today" });
  readonly #break = h("span", { class: "status-break" });
  /** What was just done, to be placed where it covers nothing that is pressed. */
  readonly toast = h("div", { class: "toast", role: "status", hidden: true });
  #until: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(place: HTMLElement, t: Translate) {
    this.#t = t;
    place.classList.add("status");
    place.append(this.#saved, this.#today, this.#break);
  }

  delivery(counts: Counts): void {
    const parts = [
      counts.waiting > 0 ? this.#t("pending_short", { n: counts.waiting }) : this.#t("saved"),
      counts.elsewhere > 0 ? this.#t("elsewhere", { n: counts.elsewhere }) : "",
    ];
    this.#saved.textContent = parts.filter((part) => part !== "").join(" · ");
    this.#saved.classList.toggle("is-pending", counts.waiting > 0);
    this.#saved.classList.toggle("is-away", counts.state === "away" || counts.state === "logged-out");
  }

  today(n: number | undefined): void {
    if (n !== undefined) this.#today.textContent = this.#t("today", { n });
  }

  /** Seconds until a break is due, as the server counts them; null when there is no such rule. */
  breakIn(seconds: number | null | undefined, now: number): void {
    this.#until = seconds === null || seconds === undefined ? null : now + seconds * 1000;
    this.tick(now);
  }

  tick(now: number): void {
    const left = this.#until === null ? null : Math.max(0, Math.ceil((this.#until - now) / 60_000));
    this.#break.textContent = left === null ? "" : left === 0 ? this.#t("break_now") : this.#t("break_in", { n: left });
    this.#break.classList.toggle("is-due", left === 0);
  }

  say(message: string): void {
    clearTimeout(this.#timer);
    this.toast.textContent = message;
    this.toast.hidden = false;
    this.#timer = setTimeout(() => {
      this.toast.hidden = true;
    }, 4000);
  }
}
