// The blank screen: one key away from anything that should not be seen any longer.

import { blankScreen } from "./panels.ts";
import type { Translate } from "./strings.ts";
import type { Config } from "./types.ts";

export class Blank {
  readonly #make: () => HTMLDialogElement;
  readonly #resumed: () => void;
  #screen: HTMLDialogElement | null = null;
  #title = "";

  constructor(t: Translate, contacts: Config["contacts"], resumed: () => void) {
    this.#make = () => blankScreen(t, contacts, () => this.#hide());
    this.#resumed = resumed;
  }

  get isUp(): boolean {
    return this.#screen !== null;
  }

  /** Cover everything, an open dialog and the tab's name too, and silence what plays. */
  show(): void {
    for (const media of document.querySelectorAll<HTMLMediaElement>("audio, video")) media.pause();
    this.#screen = this.#make();
    this.#screen.addEventListener("keydown", (event) => {
      if (event.key === "Escape") event.preventDefault(); // it would close a dialog
      event.stopPropagation();
    });
    this.#screen.addEventListener("close", () => this.#hide());
    document.body.append(this.#screen);
    this.#screen.showModal();
    document.body.classList.add("is-blank");
    this.#title = document.title;
    document.title = "…";
    this.#screen.querySelector("button")?.focus();
  }

  #hide(): void {
    if (!this.#screen) return;
    const screen = this.#screen;
    this.#screen = null;
    screen.close(); // gives the focus back
    screen.remove();
    document.body.classList.remove("is-blank");
    document.title = this.#title;
    this.#resumed();
  }
}
