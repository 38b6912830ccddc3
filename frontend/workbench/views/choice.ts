// Single and multiple choice, and ratings.

import { toggle } from "../choices.ts";
import { same } from "../document.ts";
import type { Document } from "../document.ts";
import { h, uid } from "../dom.ts";
import { ratingName } from "../keys.ts";
import type { Choice, Choices, Rating } from "../types.ts";
import { optionOf, suggestedText } from "./option.ts";
import type { Context, View } from "./view.ts";

export function choiceView(question: Choice | Choices, context: Context): View {
  const many = question.kind === "choices";
  const group = uid("choice");
  const pick = (value: string): void => {
    const chosen = context.document().answers[question.id];
    if (many) context.answer(question.id, toggle((chosen ?? []) as readonly string[], value, question.labels));
    else context.answer(question.id, chosen === value && question.required === false ? undefined : value);
  };
  const options = new Map(
    question.labels.map((label) => [
      label.value,
      optionOf({
        context,
        question: question.id,
        value: label.value,
        name: label.name || label.value,
        type: many ? "checkbox" : "radio",
        group,
        colour: label.colour,
        hint: label.hint,
        pick: () => pick(label.value),
      }),
    ]),
  );
  const element = h(
    "div",
    { class: "options", role: many ? "group" : "radiogroup" },
    ...[...options.values()].map((option) => option.element),
  );
  const suggestion = context.suggestion(question.id);
  for (const [value, option] of options) {
    const isSuggested =
      suggestion && (same(suggestion.value, value) || (Array.isArray(suggestion.value) && suggestion.value.includes(value as never)));
    if (isSuggested) option.suggest(suggestedText(context, suggestion.confidence));
  }
  return {
    element,
    press: (value) => {
      pick(value);
      context.point(value);
    },
    update: (doc: Document) => {
      const chosen = doc.answers[question.id];
      for (const [value, option] of options) option.set(many ? ((chosen ?? []) as readonly string[]).includes(value) : chosen === value);
    },
  };
}

export function ratingView(question: Rating, context: Context): View {
  const group = uid("rating");
  const suggestion = context.suggestion(question.id);
  const pick = (value: number): void => {
    const chosen = context.document().answers[question.id];
    context.answer(question.id, chosen === value && question.required === false ? undefined : value);
  };
  const options = new Map<number, ReturnType<typeof optionOf>>();
  for (let value = question.min; value <= question.max; value += 1) {
    const told = ratingName(question.names, value, question.min);
    const name = told === String(value) ? "" : told;
    const option = optionOf({
      context,
      question: question.id,
      value: String(value),
      name: String(value),
      type: "radio",
      group,
      ...(name ? { detail: name } : {}),
      pick: () => pick(value),
    });
    if (suggestion?.value === value) option.suggest(suggestedText(context, suggestion.confidence));
    options.set(value, option);
  }
  return {
    element: h("div", { class: "options rating", role: "radiogroup" }, ...[...options.values()].map((option) => option.element)),
    press: (value) => pick(Number(value)),
    update: (doc) => {
      for (const [value, option] of options) option.set(doc.answers[question.id] === value);
    },
  };
}
