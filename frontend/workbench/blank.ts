// The blank screen: one key away from anything that should not be seen any longer.

import { blankScreen } from "./panels.ts";
import type { Translate } from "./strings.ts";
import type { Config } from "./types.ts";

export class Blank {
  readonly #make: () => HTMLElement;
  readonly #resumed: () => void;
  #screen: HTMLElement | null = null;
  #title = "";

  constructor(t: Translate, contacts: Config["contacts"], resumed: () => void) {
    this.#make = () => blankScreen(t, contacts, () => this.#hide());
    this.#resumed = resumed;
  }

  get isUp(): boolean {
    return this.#screen !== null;
  }

  /** Cover everything, the tab's name too, and silence what plays. */
  show(): void {
    for (const media of document.querySelectorAll<HTMLMediaElement>("audio, video")) media.pause();
    this.#screen = this.#make();
    document.body.append(this.#screen);
    document.body.classList.add("is-blank");
    this.#title = document.title;
    document.title = "…";
    this.#screen.querySelector("button")?.focus();
  }

  #hide(): void {
    this.#screen?.remove();
    this.#screen = null;
    document.body.classList.remove("is-blank");
    document.title = this.#title;
    this.#resumed();
  }
}
