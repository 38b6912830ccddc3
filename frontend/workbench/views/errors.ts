// Translation quality: errors marked on source and target, each with category and severity, and a score.

import type { Document } from "../document.ts";
import { bdi, fill, h, uid } from "../dom.ts";
import { addError, changeError, depths, removeError } from "../marks.ts";
import type { Errors, ErrorsAnswer, Side, TranslationError } from "../types.ts";
import { colourOf, labelName, paletteOf } from "./palette.ts";
import type { Palette } from "./palette.ts";
import { shorten } from "./spans.ts";
import type { Context, View } from "./view.ts";

const SIDES = ["source", "target"] as const satisfies readonly Side[];

class ErrorsView implements View {
  readonly element: HTMLElement;
  readonly #question: Errors;
  readonly #context: Context;
  readonly #categories: Palette;
  readonly #severities: Palette;
  readonly #list = h("ul", { class: "span-list is-errors" });
  readonly #points = h("p", { class: "hint" });
  readonly #owners = { source: {}, target: {} };
  readonly #score: HTMLInputElement | null;
  readonly #scoreShown = h("output", { class: "slider-value" });
  #selected: number | null = null;

  constructor(question: Errors, context: Context) {
    this.#question = question;
    this.#context = context;
    const { t } = context;
    this.#categories = paletteOf(context, {
      question: question.id,
      labels: question.categories,
      prefix: "category:",
      name: t("error_category"),
      pick: (value) => this.press(`category:${value}`),
    });
    this.#severities = paletteOf(context, {
      question: question.id,
      labels: question.severities,
      prefix: "severity:",
      name: t("error_severity"),
      pick: (value) => this.press(`severity:${value}`),
      detail: (label) => (label.weight === undefined ? "" : label.weight === 0 ? "0" : `−${label.weight}`),
    });
    this.#score = question.score ? h("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": t("score") }) : null;
    this.#listenToScore();
    this.element = h(
      "div",
      { class: "errors" },
      h("div", { class: "span-attribute" }, h("span", { class: "muted" }, t("error_category")), this.#categories.element),
      h("div", { class: "span-attribute" }, h("span", { class: "muted" }, t("error_severity")), this.#severities.element),
      this.#list,
      this.#points,
      this.#score &&
        h(
          "div",
          { class: "slider" },
          h("kbd", { "aria-hidden": "true" }, context.cap(question.id, ":focus")),
          h("span", { class: "muted" }, t("score")),
          this.#score,
          this.#scoreShown,
        ),
    );
    for (const side of SIDES) this.#listenToText(side);
  }

  get #answer(): ErrorsAnswer {
    return (this.#context.document().answers[this.#question.id] ?? { errors: [] }) as ErrorsAnswer;
  }

  press(value: string): void {
    if (value === ":focus") return this.#score?.focus();
    const [what = "", label = ""] = [value.slice(0, value.indexOf(":")), value.slice(value.indexOf(":") + 1)];
    const change = what === "category" ? { category: label } : { severity: label };
    if (what === "category") this.#context.point(label);
    for (const side of SIDES) {
      const text = this.#context.texts.get(this.#question[side]);
      const range = text?.selected;
      if (!text || !range) continue;
      text.clear();
      const only = this.#question.severities.length === 1 ? (this.#question.severities[0]?.value ?? "") : "";
      const { answer, index } = addError(this.#answer, { side, ...range, category: "", severity: only, ...change });
      this.#selected = index;
      return this.#give(answer);
    }
    if (this.#selected === null || !this.#answer.errors[this.#selected]) return this.#context.say(this.#context.t("select_first"));
    this.#give(changeError(this.#answer, this.#selected, change));
  }

  key(name: string): boolean {
    const { errors } = this.#answer;
    if ((name === "Delete" || name === "Backspace") && this.#selected !== null) {
      this.#remove(this.#selected);
      return true;
    }
    if ((name === "," || name === ".") && errors.length > 0) {
      const step = name === "." ? 1 : -1;
      this.#select(this.#selected === null ? (step > 0 ? 0 : errors.length - 1) : (this.#selected + step + errors.length) % errors.length);
      return true;
    }
    return false;
  }

  update(doc: Document): void {
    const answer = (doc.answers[this.#question.id] ?? { errors: [] }) as ErrorsAnswer;
    if (this.#selected !== null && !answer.errors[this.#selected]) this.#selected = null;
    for (const side of SIDES) this.#mark(side, answer.errors);
    const selected = this.#selected === null ? undefined : answer.errors[this.#selected];
    this.#categories.set(selected?.category ?? null);
    this.#severities.set(selected?.severity ?? null);
    fill(this.#list, ...answer.errors.map((error, index) => this.#row(error, index)));
    const points = answer.errors.reduce(
      (sum, error) => sum + (this.#question.severities.find((label) => label.value === error.severity)?.weight ?? 0),
      0,
    );
    this.#points.textContent = answer.errors.length === 0 ? this.#context.t("errors_hint") : this.#context.t("error_points", { n: points });
    if (this.#score) {
      this.#score.value = String(answer.score ?? 50);
      this.#score.classList.toggle("is-empty", answer.score === undefined);
      this.#scoreShown.textContent = answer.score === undefined ? "–" : String(answer.score);
    }
  }

  #listenToText(side: Side): void {
    const text = this.#context.texts.get(this.#question[side]);
    text?.makeSelectable("grapheme");
    text?.onpress.push((point) => {
      const found = this.#answer.errors.findIndex((error) => error.side === side && error.start <= point && point < error.end);
      this.#select(found === -1 ? null : found);
    });
  }

  #listenToScore(): void {
    const burst = uid("score");
    const set = (): void => {
      if (this.#score) this.#context.answer(this.#question.id, { ...this.#answer, score: this.#score.valueAsNumber }, burst);
    };
    this.#score?.addEventListener("input", set);
    this.#score?.addEventListener("pointerup", set);
    this.#score?.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        set();
      }
    });
  }

  #give(answer: ErrorsAnswer | undefined): void {
    this.#context.answer(this.#question.id, answer);
  }

  #select(index: number | null): void {
    if (this.#selected === index) return;
    this.#selected = index;
    const error = index === null ? undefined : this.#answer.errors[index];
    if (error) this.#context.texts.get(this.#question[error.side])?.scrollTo(error.start, error.end);
    this.update(this.#context.document());
  }

  #remove(index: number): void {
    this.#selected = null;
    this.#give(removeError(this.#answer, index));
  }

  #mark(side: Side, errors: readonly TranslationError[]): void {
    const own = errors.map((error, index) => ({ error, index })).filter(({ error }) => error.side === side);
    const depth = depths(own.map(({ error }) => error));
    this.#context.texts.get(this.#question[side])?.mark(
      this.#owners[side],
      own.map(({ error, index }, at) => ({
        start: error.start,
        end: error.end,
        colour: colourOf(this.#question.categories, error.category),
        depth: depth[at] ?? 0,
        name: this.#nameOf(error),
        selected: index === this.#selected,
      })),
    );
  }

  #nameOf(error: TranslationError): string {
    return [
      error.category && labelName(this.#question.categories, error.category),
      error.severity && labelName(this.#question.severities, error.severity),
    ]
      .map((part) => part || "…")
      .join(" · ");
  }

  #row(error: TranslationError, index: number): HTMLElement {
    const { t, texts, textLanguage } = this.#context;
    const words = shorten(texts.get(this.#question[error.side])?.slice(error.start, error.end) ?? "");
    return h(
      "li",
      {
        class: `span-row label-${((colourOf(this.#question.categories, error.category) - 1) % 8) + 1}${index === this.#selected ? " is-selected" : ""}`,
      },
      h(
        "button",
        { type: "button", class: "span-pick", "aria-pressed": String(index === this.#selected), onclick: () => this.#select(index) },
        h("span", { class: "detail" }, t(error.side)),
        bdi(words, textLanguage),
        h("span", { class: "detail" }, this.#nameOf(error)),
      ),
      h(
        "button",
        { type: "button", class: "span-remove", "aria-label": `${t("span_remove")}: ${words}`, onclick: () => this.#remove(index) },
        "×",
      ),
    );
  }
}

export function errorsView(question: Errors, context: Context): View {
  return new ErrorsView(question, context);
}
