// One answer to pick: a native radio or checkbox with its key, its name and its colour.

import { h } from "../dom.ts";
import type { Context } from "./view.ts";

export interface OptionGiven {
  readonly context: Context;
  readonly question: string;
  readonly value: string;
  readonly name: string;
  readonly type: "radio" | "checkbox";
  readonly group: string;
  readonly colour?: number;
  readonly hint?: string;
  readonly detail?: string;
  readonly pick: () => void;
}

export interface Option {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  set(on: boolean): void;
  suggest(text: string | null): void;
}

export function optionOf(given: OptionGiven): Option {
  const { context } = given;
  const cap = context.cap(given.question, given.value);
  const input = h("input", { type: given.type, name: given.group, value: given.value, "aria-keyshortcuts": cap || null });
  const mark = h("span", { class: "suggested", hidden: true });
  const element = h(
    "label",
    { class: `option${given.colour ? ` label-${((given.colour - 1) % 8) + 1}` : ""}`, title: given.hint || null },
    input,
    cap !== "" && h("kbd", { "aria-hidden": "true" }, cap),
    h("span", { class: "name", dir: "auto" }, given.name),
    given.detail ? h("span", { class: "detail" }, given.detail) : null,
    mark,
  );
  input.addEventListener("change", given.pick);
  element.addEventListener("pointerenter", () => context.point(given.value));
  element.addEventListener("pointerleave", () => context.point(null));
  input.addEventListener("focus", () => context.point(given.value));
  return {
    element,
    input,
    set: (on) => {
      input.checked = on;
    },
    suggest: (text) => {
      mark.hidden = text === null;
      mark.textContent = text ?? "";
    },
  };
}

/** How sure the model was, as the reader writes a percentage. */
export function suggestedText(context: Context, confidence: number | undefined): string {
  if (confidence === undefined) return context.t("suggested");
  return context.t("suggested_at", { percent: new Intl.NumberFormat(context.language, { style: "percent" }).format(confidence) });
}
