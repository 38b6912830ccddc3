// Relations between spans: choose where one begins, press a label, choose where it ends.

import type { Document } from "../document.ts";
import { bdi, fill, h } from "../dom.ts";
import { relate } from "../marks.ts";
import type { Relation, Relations, Span, Spans } from "../types.ts";
import { colourOf, labelName, paletteOf } from "./palette.ts";
import { shorten } from "./spans.ts";
import type { Context, View } from "./view.ts";

export function relationsView(question: Relations, context: Context): View {
  const { t } = context;
  const asked = context.document().schema.questions.find((each): each is Spans => each.kind === "spans" && each.id === question.spans);
  const from = h("select", { "aria-label": t("relation_from") });
  const to = h("select", { "aria-label": t("relation_to") });
  const list = h("ul", { class: "span-list" });
  const hint = h("p", { class: "hint" });
  let begun: string | null = null;

  const spans = (doc: Document): readonly Span[] => (doc.answers[question.spans] ?? []) as readonly Span[];
  const relations = (): readonly Relation[] => (context.document().answers[question.id] ?? []) as readonly Relation[];
  const words = (id: string, doc: Document): string => {
    const span = spans(doc).find((each) => each.id === id);
    return span ? shorten(context.texts.get(asked?.field ?? "")?.slice(span.start, span.end) ?? "", 20) : "";
  };

  /** By key: the selected span is the beginning, the one selected at the second press the end. By mouse: what the two lists say. */
  function press(label: string): void {
    const chosen = context.chosen.get(question.spans) ?? null;
    if (begun !== null && chosen !== null && begun !== chosen) return join(begun, chosen, label);
    if (from.value !== "" && to.value !== "" && from.value !== to.value) return join(from.value, to.value, label);
    if (chosen === null) return context.say(t("relation_hint"));
    begun = chosen;
    from.value = chosen;
    context.say(`${words(chosen, context.document())} → …`);
  }

  function join(start: string, end: string, label: string): void {
    begun = null;
    context.answer(question.id, relate(relations(), { from: start, to: end, label }));
    from.value = to.value = "";
  }

  const palette = paletteOf(context, { question: question.id, labels: question.labels, name: question.prompt, pick: press });
  const pickers = h("div", { class: "row relation-pick" }, from, h("span", { class: "mirror", "aria-hidden": "true" }, "→"), to);
  return {
    element: h("div", { class: "relations" }, palette.element, pickers, hint, list),
    press,
    update: (doc) => {
      const present = spans(doc);
      for (const select of [from, to]) {
        const { value } = select;
        fill(select, h("option", { value: "" }, "…"), ...present.slice(0, 500).map((span) => h("option", { value: span.id }, `${words(span.id, doc)} · ${asked ? labelName(asked.labels, span.label) : span.label}`)));
        select.value = present.some((span) => span.id === value) ? value : "";
      }
      if (begun !== null && !present.some((span) => span.id === begun)) begun = null;
      pickers.hidden = present.length < 2;
      const held = (doc.answers[question.id] ?? []) as readonly Relation[];
      hint.textContent = t(present.length < 2 ? "relation_needs_spans" : "relation_hint");
      fill(list, ...held.map((relation, index) => h("li", { class: `span-row label-${((colourOf(question.labels, relation.label) - 1) % 8) + 1}` },
        h("span", { class: "span-pick" }, bdi(words(relation.from, doc)), h("span", { class: "detail" }, h("span", { class: "mirror" }, "→"), ` ${labelName(question.labels, relation.label)} `, h("span", { class: "mirror" }, "→")), bdi(words(relation.to, doc))),
        h("button", { type: "button", class: "span-remove", "aria-label": t("span_remove"), onclick: () => {
          const rest = relations().filter((_, at) => at !== index);
          context.answer(question.id, rest.length > 0 ? rest : undefined);
        } }, "×"))));
    },
  };
}
