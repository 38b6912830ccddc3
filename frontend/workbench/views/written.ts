// Free text with its length and language, and the slider.

import { h, uid } from "../dom.ts";
import { offsetsOf } from "../offsets.ts";
import type { Slider, TextQuestion } from "../types.ts";
import { suggestedText } from "./option.ts";
import { shorten } from "./spans.ts";
import type { Context, View } from "./view.ts";

function useButton(question: TextQuestion, context: Context, field: HTMLElement): HTMLElement | null {
  const suggestion = context.suggestion(question.id);
  if (typeof suggestion?.value !== "string") return null;
  const use = (): void => {
    context.answer(question.id, suggestion.value);
    field.focus();
  };
  const name = `${context.t("use_suggestion")} (${suggestedText(context, suggestion.confidence)})`;
  return h(
    "button",
    { class: "button quiet use-suggestion", type: "button", onclick: use },
    name,
    h("bdi", { class: "detail" }, shorten(suggestion.value, 80)),
  );
}

export function textView(question: TextQuestion, context: Context): View {
  const language = question.language || context.textLanguage;
  const several = question.multiline !== false;
  const count = h("span", { class: "hint" });
  const attributes = {
    class: "text answer-text",
    dir: "auto",
    lang: language,
    "aria-label": question.prompt,
    spellcheck: "true",
    autocomplete: "off",
  };
  const field: HTMLTextAreaElement | HTMLInputElement = several
    ? h("textarea", { ...attributes, rows: 3 })
    : h("input", { ...attributes, type: "text" });
  let burst = uid("burst");
  const write = (): void => {
    context.answer(question.id, field.value === "" ? undefined : field.value, burst);
    tell();
  };
  const tell = (): void => {
    const n = offsetsOf(field.value).length;
    count.textContent = question.max_length
      ? context.t("characters", { n, max: question.max_length })
      : context.t("characters_free", { n });
    count.classList.toggle("error", n > (question.max_length ?? Infinity));
  };
  field.addEventListener("input", write);
  field.addEventListener("focus", () => {
    burst = uid("burst");
    context.activate(question.id);
  });
  const use = useButton(question, context, field);
  const cap = context.cap(question.id, ":focus");
  return {
    element: h(
      "div",
      { class: "written" },
      field,
      h("div", { class: "row" }, cap !== "" && h("kbd", { "aria-hidden": "true" }, cap), count, use),
    ),
    press: () => field.focus(),
    update: (doc) => {
      const value = (doc.answers[question.id] ?? "") as string;
      if (field.value !== value) field.value = value; // only when it came from elsewhere: a composition must not be cut
      tell();
    },
  };
}

export function sliderView(question: Slider, context: Context): View {
  const shown = h("output", { class: "slider-value" });
  const input = h("input", {
    type: "range",
    min: question.min,
    max: question.max,
    step: question.step || 1,
    "aria-label": question.prompt,
  });
  const number = new Intl.NumberFormat(context.language);
  const set = (): void => context.answer(question.id, input.valueAsNumber, input.id);
  input.id = uid("slider");
  input.addEventListener("input", set);
  // A slider that stands where the right answer is sends no input event when it is pressed there.
  input.addEventListener("pointerup", set);
  input.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      set();
    }
  });
  const cap = context.cap(question.id, ":focus");
  return {
    element: h(
      "div",
      { class: "slider" },
      cap !== "" && h("kbd", { "aria-hidden": "true" }, cap),
      h("span", { class: "muted" }, number.format(question.min)),
      input,
      h("span", { class: "muted" }, number.format(question.max)),
      shown,
    ),
    press: () => input.focus(),
    update: (doc) => {
      const value = doc.answers[question.id];
      input.classList.toggle("is-empty", value === undefined);
      input.value = String(value ?? (question.min + question.max) / 2);
      shown.textContent = value === undefined ? "–" : number.format(value as number);
    },
  };
}
