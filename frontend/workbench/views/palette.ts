// Buttons that give a label to what is selected: pressed by key, mouse or touch, never holding a state of their own.

import { h } from "../dom.ts";
import type { Label } from "../types.ts";
import type { Context } from "./view.ts";

export interface Palette {
  readonly element: HTMLElement;
  /** Show which label the selected thing has. */
  set(value: string | null): void;
}

export function paletteOf(
  context: Context,
  given: {
    question: string;
    labels: readonly Label[];
    prefix?: string;
    name: string;
    pick: (value: string) => void;
    detail?: (label: Label) => string;
  },
): Palette {
  const buttons = new Map(
    given.labels.map((label) => {
      const cap = context.cap(given.question, `${given.prefix ?? ""}${label.value}`);
      const detail = given.detail?.(label) ?? "";
      const button = h(
        "button",
        {
          type: "button",
          class: `option is-button label-${(((label.colour || 8) - 1) % 8) + 1}`,
          title: label.hint || null,
          "aria-pressed": "false",
          "aria-keyshortcuts": cap || null,
        },
        cap !== "" && h("kbd", { "aria-hidden": "true" }, cap),
        h("span", { class: "name", dir: "auto" }, label.name || label.value),
        detail !== "" && h("bdi", { class: "detail", dir: "ltr" }, detail),
      );
      button.addEventListener("pointerdown", (event) => event.preventDefault()); // the text keeps focus and selection
      button.addEventListener("click", () => given.pick(label.value));
      button.addEventListener("pointerenter", () => context.point(label.value));
      return [label.value, button] as const;
    }),
  );
  return {
    element: h("div", { class: "options", role: "group", "aria-label": given.name }, ...buttons.values()),
    set: (value) => {
      for (const [each, button] of buttons) button.setAttribute("aria-pressed", String(each === value));
    },
  };
}

export function colourOf(labels: readonly Label[], value: string): number {
  return labels.find((label) => label.value === value)?.colour || 8;
}

export function labelName(labels: readonly Label[], value: string): string {
  return labels.find((label) => label.value === value)?.name || value;
}
