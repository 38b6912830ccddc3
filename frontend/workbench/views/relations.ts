// Relations between spans: choose where one begins, press a label, choose where it ends.

import type { Document } from "../document.ts";
import { bdi, fill, h } from "../dom.ts";
import { relate } from "../marks.ts";
import type { Relation, Relations, Span, Spans } from "../types.ts";
import { colourOf, labelName, paletteOf } from "./palette.ts";
import { shorten } from "./spans.ts";
import type { Context, View } from "./view.ts";

/** Spans offered in the two lists; with more the keyboard is the way. */
const OFFERED = 500;

class RelationsView implements View {
  readonly element: HTMLElement;
  readonly #question: Relations;
  readonly #context: Context;
  readonly #asked: Spans | undefined;
  readonly #from: HTMLSelectElement;
  readonly #to: HTMLSelectElement;
  readonly #pickers: HTMLElement;
  readonly #list = h("ul", { class: "span-list" });
  readonly #hint = h("p", { class: "hint" });
  #begun: string | null = null;

  constructor(question: Relations, context: Context) {
    this.#question = question;
    this.#context = context;
    this.#asked = context.document().schema.questions.find((each): each is Spans => each.kind === "spans" && each.id === question.spans);
    this.#from = h("select", { "aria-label": context.t("relation_from") });
    this.#to = h("select", { "aria-label": context.t("relation_to") });
    this.#pickers = h(
      "div",
      { class: "row relation-pick" },
      this.#from,
      h("span", { class: "mirror", "aria-hidden": "true" }, "→"),
      this.#to,
    );
    const palette = paletteOf(context, {
      question: question.id,
      labels: question.labels,
      name: question.prompt,
      pick: (label) => this.press(label),
    });
    this.element = h("div", { class: "relations" }, palette.element, this.#pickers, this.#hint, this.#list);
  }

  /** By key: the selected span is the beginning, the one selected at the second press the end. By mouse: what the two lists say. */
  press(label: string): void {
    const chosen = this.#context.chosen.get(this.#question.spans) ?? null;
    const [from, to] = [this.#from.value, this.#to.value];
    if (this.#begun !== null && chosen !== null && this.#begun !== chosen) return this.#join(this.#begun, chosen, label);
    if (from !== "" && to !== "" && from !== to) return this.#join(from, to, label);
    if (chosen === null) return this.#context.say(this.#context.t("relation_hint"));
    this.#begun = chosen;
    this.#from.value = chosen;
    this.#context.say(`${this.#words(chosen, this.#context.document())} → …`);
  }

  update(doc: Document): void {
    const spans = this.#spans(doc);
    for (const select of [this.#from, this.#to]) this.#offer(select, spans, doc);
    if (this.#begun !== null && !spans.some((span) => span.id === this.#begun)) this.#begun = null;
    this.#pickers.hidden = spans.length < 2;
    this.#hint.textContent = this.#context.t(spans.length < 2 ? "relation_needs_spans" : "relation_hint");
    fill(this.#list, ...this.#relations(doc).map((relation, index) => this.#row(relation, index, doc)));
  }

  #spans(doc: Document): readonly Span[] {
    return (doc.answers[this.#question.spans] ?? []) as readonly Span[];
  }

  #relations(doc: Document): readonly Relation[] {
    return (doc.answers[this.#question.id] ?? []) as readonly Relation[];
  }

  #words(id: string, doc: Document): string {
    const span = this.#spans(doc).find((each) => each.id === id);
    return span ? shorten(this.#context.texts.get(this.#asked?.field ?? "")?.slice(span.start, span.end) ?? "", 20) : "";
  }

  #join(from: string, to: string, label: string): void {
    this.#begun = null;
    this.#from.value = "";
    this.#to.value = "";
    this.#context.answer(this.#question.id, relate(this.#relations(this.#context.document()), { from, to, label }));
  }

  #offer(select: HTMLSelectElement, spans: readonly Span[], doc: Document): void {
    const { value } = select;
    const nameOf = (span: Span): string => (this.#asked ? labelName(this.#asked.labels, span.label) : span.label);
    fill(
      select,
      h("option", { value: "" }, "…"),
      ...spans.slice(0, OFFERED).map((span) => h("option", { value: span.id }, `${this.#words(span.id, doc)} · ${nameOf(span)}`)),
    );
    select.value = spans.some((span) => span.id === value) ? value : "";
  }

  #row(relation: Relation, index: number, doc: Document): HTMLElement {
    const arrow = (): HTMLElement => h("span", { class: "mirror" }, "→");
    const remove = (): void => {
      const rest = this.#relations(this.#context.document()).filter((_, at) => at !== index);
      this.#context.answer(this.#question.id, rest.length > 0 ? rest : undefined);
    };
    const { labels } = this.#question;
    return h(
      "li",
      { class: `span-row label-${((colourOf(labels, relation.label) - 1) % 8) + 1}` },
      h(
        "span",
        { class: "span-pick" },
        bdi(this.#words(relation.from, doc)),
        h("span", { class: "detail" }, arrow(), ` ${labelName(labels, relation.label)} `, arrow()),
        bdi(this.#words(relation.to, doc)),
      ),
      h("button", { type: "button", class: "span-remove", "aria-label": this.#context.t("span_remove"), onclick: remove }, "×"),
    );
  }
}

export function relationsView(question: Relations, context: Context): View {
  return new RelationsView(question, context);
}
