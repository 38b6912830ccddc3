// Two answers side by side, or several put in order.

import { move, place, prefer, tie, withReason } from "../choices.ts";
import type { Document } from "../document.ts";
import { fill, h, uid } from "../dom.ts";
import { rankingOptions } from "../keys.ts";
import type { Pairwise, PairwiseAnswer, Ranking, RankingAnswer } from "../types.ts";
import { optionOf } from "./option.ts";
import type { Context, View } from "./view.ts";

function shown(context: Context, field: string): string {
  const value = context.document().content[field];
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value, null, 2);
}

/** Sides are only how it looks: answers always name a or b. */
export function pairwiseView(question: Pairwise, context: Context): View {
  const { t } = context;
  const sides = context.shuffled ? (["b", "a"] as const) : (["a", "b"] as const);
  const current = (): PairwiseAnswer | undefined => context.document().answers[question.id] as PairwiseAnswer | undefined;
  const give = (answer: PairwiseAnswer, burst?: string): void => context.answer(question.id, answer, burst);
  const group = uid("prefer");
  const values = { ":left": sides[0], ":right": sides[1], ":tie": "tie" } as const;
  const option = (value: keyof typeof values, name: string): ReturnType<typeof optionOf> =>
    optionOf({ context, question: question.id, value, name, type: "radio", group, pick: () => give(prefer(current(), values[value])) });
  const options = { ":left": option(":left", t("prefer_left")), ...(question.tie === false ? {} : { ":tie": option(":tie", t("prefer_tie")) }), ":right": option(":right", t("prefer_right")) };
  const cards = sides.map((side, index) => h("section", { class: "pane pair", "data-side": side }, h("h3", { class: "pane-name" }, t(index === 0 ? "left" : "right")),
    h("div", { class: "text", lang: context.textLanguage, dir: "auto" }, shown(context, question[side]))));
  const strengthGroup = uid("strength");
  const strengths = Array.from({ length: (question.strengths ?? 0) > 1 ? (question.strengths ?? 0) : 0 }, (_, index) => optionOf({
    context, question: question.id, value: String(index + 1), name: String(index + 1), type: "radio", group: strengthGroup, pick: () => strengthen(index + 1),
  }));
  const strengthRow = h("div", { class: "span-attribute" }, h("span", { class: "muted" }, t("strength")), h("div", { class: "options", role: "radiogroup", "aria-label": t("strength") }, ...strengths.map((each) => each.element)));
  const reason = question.reason && question.reason !== "none" ? h("textarea", { rows: 2, dir: "auto", "aria-label": t("reason"), placeholder: t("reason") }) : null;
  const reasonRow = reason && h("div", { class: "written" }, reason, h("kbd", { "aria-hidden": "true" }, context.cap(question.id, ":focus")));

  function strengthen(strength: number): void {
    const answer = current();
    if (answer && answer.preferred !== "tie") give({ ...answer, strength });
    else context.say(t("required"));
  }
  let burst = uid("reason");
  reason?.addEventListener("focus", () => { burst = uid("reason"); });
  reason?.addEventListener("input", () => {
    const answer = current();
    if (answer) give(withReason(answer, reason.value), burst);
  });

  return {
    element: h("div", { class: "pairwise" }, h("div", { class: "parallel" }, ...cards),
      h("div", { class: "options", role: "radiogroup" }, ...Object.values(options).map((each) => each.element)), strengthRow, reasonRow),
    press: (value) => {
      if (value === ":focus") reason?.focus();
      else if (value in values) give(prefer(current(), values[value as keyof typeof values]));
      else strengthen(Number(value));
    },
    update: (doc: Document) => {
      const answer = doc.answers[question.id] as PairwiseAnswer | undefined;
      for (const [value, each] of Object.entries(options)) each.set(answer?.preferred === values[value as keyof typeof values]);
      for (const [index, each] of strengths.entries()) each.set(answer?.strength === index + 1);
      strengthRow.hidden = strengths.length === 0 || answer === undefined || answer.preferred === "tie";
      for (const card of cards) card.classList.toggle("is-preferred", card.dataset["side"] === answer?.preferred);
      if (reason && reason.value.trim() !== (answer?.reason ?? "").trim()) reason.value = answer?.reason ?? "";
    },
    close: () => { // written before a side was chosen
      const answer = current();
      if (reason && answer && reason.value.trim() !== "" && !answer.reason) give(withReason(answer, reason.value));
    },
  };
}

export function rankingView(question: Ranking, context: Context): View {
  const { t } = context;
  const options = rankingOptions(question);
  const current = (): RankingAnswer => (context.document().answers[question.id] ?? []) as RankingAnswer;
  const give = (ranking: RankingAnswer | undefined): void => context.answer(question.id, ranking);
  const list = h("ol", { class: "ranking" });
  const isText = (question.options?.length ?? 0) === 0;
  const wordsOf = (value: string): string => (isText ? shown(context, value) : (options.find((option) => option.value === value)?.name ?? value));

  function row(value: string, rank: number | null): HTMLElement {
    const cap = context.cap(question.id, value);
    const act = (name: Parameters<typeof t>[0], sign: string, run: () => void): HTMLElement => h("button", { type: "button", class: "button quiet icon", title: t(name), "aria-label": `${t(name)}: ${wordsOf(value).slice(0, 40)}`, onclick: run }, sign);
    return h("li", { class: `rank-row${rank === null ? "" : " is-placed"}` },
      h("button", { type: "button", class: "option is-button rank-pick", "aria-pressed": String(rank !== null), "aria-keyshortcuts": cap || null, onclick: () => give(place(current(), value)) },
        cap !== "" && h("kbd", { "aria-hidden": "true" }, cap), h("span", { class: "rank" }, rank === null ? "–" : String(rank)), h("span", { class: "name", dir: "auto", lang: context.textLanguage }, wordsOf(value))),
      rank !== null && h("span", { class: "row rank-acts" }, act("rank_up", "↑", () => give(move(current(), value, -1))), act("rank_down", "↓", () => give(move(current(), value, 1))), act("rank_tie", "=", () => give(tie(current(), value)))));
  }

  return {
    element: h("div", { class: "ranking-box" }, h("p", { class: "hint" }, t("ranking_hint")), list),
    press: (value) => give(place(current(), value)),
    key: (name) => {
      const last = current().at(-1)?.at(-1);
      if (name !== "=" || last === undefined) return false;
      give(tie(current(), last));
      return true;
    },
    update: (doc: Document) => {
      const ranking = (doc.answers[question.id] ?? []) as RankingAnswer;
      const focused = document.activeElement?.getAttribute("aria-label");
      const placed = new Set(ranking.flat());
      let rank = 1;
      const rows = ranking.flatMap((group) => {
        const at = rank;
        rank += group.length;
        return group.map((value) => row(value, at));
      });
      fill(list, ...rows, ...options.filter((option) => !placed.has(option.value)).map((option) => row(option.value, null)));
      if (focused) [...list.querySelectorAll("button")].find((button) => button.getAttribute("aria-label") === focused)?.focus();
    },
  };
}
