// The veil over harmful text and media: lifted by hand, down again when the reader leaves, every lifting noted.

import { h } from "./dom.ts";
import type { Translate } from "./strings.ts";

/** From this severity on, texts are veiled too; media always are. */
export const VEILED_FROM = 2;

export interface Veil {
  readonly element: HTMLElement;
  readonly isNeeded: boolean;
  readonly isDown: boolean;
  readonly reveals: readonly { readonly at: string }[];
  toggle(): void;
  lower(): void;
}

export function veilOver(
  covered: HTMLElement,
  given: { severity: number; t: Translate; cap: string; note: (at: string) => void; reveals: readonly { at: string }[] },
): Veil {
  const { t } = given;
  const media = covered.querySelector(".is-media") !== null;
  const isNeeded = media || given.severity >= VEILED_FROM;
  const reveals = [...given.reveals];
  let isDown = isNeeded;
  const label = h("span", {});
  const button = h(
    "button",
    { type: "button", class: "button veil-button", onclick: () => toggle() },
    label,
    h("kbd", { "aria-hidden": "true" }, given.cap),
  );
  const element = h("div", { class: "veiled" }, covered, isNeeded ? button : null);

  function draw(): void {
    element.classList.toggle("is-down", isDown);
    covered.inert = isDown;
    covered.setAttribute("aria-hidden", String(isDown));
    label.textContent = isDown ? t("reveal") : t("veil_again");
    for (const each of covered.querySelectorAll(".is-media")) each.dispatchEvent(new Event(isDown ? "veil" : "reveal"));
  }

  function toggle(): void {
    if (!isNeeded) return;
    isDown = !isDown;
    if (!isDown) {
      const at = new Date().toISOString();
      reveals.push({ at });
      given.note(at);
    }
    draw();
  }

  draw();
  return {
    element,
    isNeeded,
    get isDown() {
      return isDown;
    },
    reveals,
    toggle,
    lower: () => void (isNeeded && !isDown && toggle()),
  };
}
