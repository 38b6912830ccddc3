// Spans over a text: select and press a label; the one under the caret can be relabelled, described or removed.

import type { Document } from "../document.ts";
import { bdi, fill, h } from "../dom.ts";
import { addSpan, depths, refusal, relabelSpan, removeSpan, setAttribute, spanAt } from "../marks.ts";
import type { Span, Spans } from "../types.ts";
import { colourOf, labelName, paletteOf } from "./palette.ts";
import type { Palette } from "./palette.ts";
import type { Context, View } from "./view.ts";

/** Spans listed beneath the palette: those around the selected one. */
const LISTED = 12;

class SpansView implements View {
  readonly element: HTMLElement;
  readonly #question: Spans;
  readonly #context: Context;
  readonly #palette: Palette;
  readonly #attributes: readonly { readonly id: string; readonly element: HTMLElement; readonly palette: Palette }[];
  readonly #detail = h("div", { class: "span-detail" });
  readonly #list = h("ul", { class: "span-list" });
  #selected: string | null = null;

  constructor(question: Spans, context: Context) {
    this.#question = question;
    this.#context = context;
    this.#palette = paletteOf(context, {
      question: question.id,
      labels: question.labels,
      name: question.prompt,
      pick: (value) => this.press(value),
    });
    this.#attributes = (question.attributes ?? []).map((attribute) => {
      const name = attribute.name ?? attribute.id;
      const palette = paletteOf(context, {
        question: question.id,
        labels: attribute.labels,
        prefix: `:${attribute.id}:`,
        name,
        pick: (value) => this.press(`:${attribute.id}:${value}`),
      });
      return {
        id: attribute.id,
        palette,
        element: h("div", { class: "span-attribute" }, h("span", { class: "muted" }, name), palette.element),
      };
    });
    this.element = h("div", { class: "spans" }, this.#palette.element, this.#detail, this.#list);
    const text = context.texts.get(question.field);
    text?.makeSelectable(question.snap ?? "grapheme");
    text?.onpress.push((point) => this.#select(spanAt(this.#spans, point)?.id ?? null));
  }

  get #spans(): readonly Span[] {
    return (this.#context.document().answers[this.#question.id] ?? []) as readonly Span[];
  }

  press(value: string): void {
    if (value.startsWith(":")) return this.#describe(value);
    const { t, texts, say, point } = this.#context;
    point(value);
    const text = texts.get(this.#question.field);
    const range = text?.selected ?? null;
    if (range) {
      const refused = refusal(this.#spans, range, this.#question.overlap ?? "none");
      if (refused) return say(t(refused));
      const { spans, id } = addSpan(this.#spans, range, value);
      text?.clear();
      this.#choose(id);
      return this.#give(spans);
    }
    if (this.#selected === null) return say(t("select_first"));
    this.#give(relabelSpan(this.#spans, this.#selected, value));
  }

  key(name: string): boolean {
    if ((name === "Delete" || name === "Backspace") && this.#selected !== null) {
      const gone = this.#selected;
      this.#choose(null);
      this.#give(removeSpan(this.#spans, gone));
      return true;
    }
    if (name === "," || name === ".") return this.#walk(name === "." ? 1 : -1);
    return false;
  }

  update(doc: Document): void {
    const spans = (doc.answers[this.#question.id] ?? []) as readonly Span[];
    if (this.#selected !== null && !spans.some((span) => span.id === this.#selected)) this.#choose(null);
    const depth = depths(spans);
    this.#context.texts.get(this.#question.field)?.mark(
      this,
      spans.map((span, index) => ({
        start: span.start,
        end: span.end,
        colour: colourOf(this.#question.labels, span.label),
        depth: depth[index] ?? 0,
        name: labelName(this.#question.labels, span.label),
        selected: span.id === this.#selected,
      })),
    );
    this.#drawDetail(spans);
    this.#drawList(spans);
  }

  #give(spans: readonly Span[]): void {
    this.#context.answer(this.#question.id, spans.length > 0 ? spans : undefined);
  }

  #choose(id: string | null): void {
    this.#selected = id;
    if (id === null) this.#context.chosen.delete(this.#question.id);
    else this.#context.chosen.set(this.#question.id, id);
  }

  #select(id: string | null): void {
    if (this.#selected === id) return;
    this.#choose(id);
    this.update(this.#context.document());
  }

  #describe(value: string): void {
    const [, attribute = "", label = ""] = /^:([^:]*):(.*)$/.exec(value) ?? [];
    if (this.#selected === null) return this.#context.say(this.#context.t("select_first"));
    this.#give(setAttribute(this.#spans, this.#selected, attribute, label));
  }

  #walk(step: 1 | -1): boolean {
    const spans = this.#spans;
    if (spans.length === 0) return false;
    const at = spans.findIndex((span) => span.id === this.#selected);
    const next = spans[at === -1 ? (step > 0 ? 0 : spans.length - 1) : (at + step + spans.length) % spans.length];
    if (!next) return false;
    this.#context.texts.get(this.#question.field)?.clear();
    this.#context.texts.get(this.#question.field)?.scrollTo(next.start, next.end);
    this.#select(next.id);
    return true;
  }

  #drawDetail(spans: readonly Span[]): void {
    const span = spans.find((each) => each.id === this.#selected);
    this.#palette.set(span?.label ?? null);
    for (const { id, palette } of this.#attributes) palette.set(span?.attributes[id] ?? null);
    if (span) fill(this.#detail, ...this.#attributes.map((attribute) => attribute.element));
    else fill(this.#detail, spans.length === 0 ? h("p", { class: "hint" }, this.#context.t("spans_none")) : null);
  }

  #drawList(spans: readonly Span[]): void {
    const at = Math.max(
      0,
      spans.findIndex((span) => span.id === this.#selected),
    );
    const from = Math.max(0, Math.min(at - LISTED / 2, spans.length - LISTED));
    const { t, texts, textLanguage } = this.#context;
    const text = texts.get(this.#question.field);
    const rows = spans.slice(from, from + LISTED).map((span) =>
      h(
        "li",
        {
          class: `span-row label-${((colourOf(this.#question.labels, span.label) - 1) % 8) + 1}${span.id === this.#selected ? " is-selected" : ""}`,
        },
        h(
          "button",
          {
            type: "button",
            class: "span-pick",
            "aria-pressed": String(span.id === this.#selected),
            onclick: () => {
              text?.scrollTo(span.start, span.end);
              this.#select(span.id);
            },
          },
          bdi(shorten(text?.slice(span.start, span.end) ?? ""), textLanguage),
          h("span", { class: "detail" }, [labelName(this.#question.labels, span.label), ...this.#named(span)].join(" · ")),
        ),
        h(
          "button",
          {
            type: "button",
            class: "span-remove",
            "aria-label": `${t("span_remove")}: ${shorten(text?.slice(span.start, span.end) ?? "")}`,
            onclick: () => this.#give(removeSpan(this.#spans, span.id)),
          },
          "×",
        ),
      ),
    );
    fill(
      this.#list,
      ...rows,
      spans.length > LISTED ? h("li", { class: "muted" }, `${from + 1}–${Math.min(spans.length, from + LISTED)} / ${spans.length}`) : null,
    );
  }

  #named(span: Span): string[] {
    return (this.#question.attributes ?? []).flatMap((attribute) => {
      const value = span.attributes[attribute.id];
      return value === undefined ? [] : [labelName(attribute.labels, value)];
    });
  }
}

/** A long span shows its beginning and its end. */
export function shorten(text: string, most = 28): string {
  const graphemes = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text.slice(0, 400))].map((each) => each.segment);
  return graphemes.length <= most ? text : `${graphemes.slice(0, most - 1).join("")}…`;
}

export function spansView(question: Spans, context: Context): View {
  return new SpansView(question, context);
}
