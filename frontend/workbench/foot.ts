// The line under the item: what can be done with it, each act with its key.

import { fill, h } from "./dom.ts";
import type { Keymap } from "./keymap.ts";
import type { Translate } from "./strings.ts";

const quiet = ["skip", "undo", "back", "guideline", "panic", "help"] as const;
type Runs = Readonly<Record<(typeof quiet)[number] | "submit", () => void>>;

export class Foot {
  readonly element = h("footer", { class: "item-foot" });
  readonly #t: Translate;
  readonly #runs: Runs;
  readonly #submit: HTMLButtonElement;

  constructor(t: Translate, runs: Runs) {
    this.#t = t;
    this.#runs = runs;
    this.#submit = h("button", { type: "button", class: "button primary", onclick: runs.submit });
  }

  draw(keymap: Keymap): void {
    const cap = (command: keyof Runs): HTMLElement => h("kbd", { "aria-hidden": "true" }, keymap.cap(command));
    const buttons = quiet.map((command) =>
      h("button", { type: "button", class: `button quiet is-${command}`, onclick: this.#runs[command] }, this.#t(command), cap(command)),
    );
    fill(this.#submit, this.#t("submit"), cap("submit"));
    fill(this.element, h("div", { class: "foot-start" }, ...buttons), this.#submit);
  }

  /** What submitting means for this item. */
  name(what: "submit" | "correct"): void {
    this.#submit.firstChild?.replaceWith(this.#t(what));
  }
}
