// Two answers side by side, or several put in order.

import { move, place, prefer, tie, withReason } from "../choices.ts";
import type { Document } from "../document.ts";
import { fill, h, uid } from "../dom.ts";
import { rankingOptions } from "../keys.ts";
import type { Pairwise, PairwiseAnswer, Ranking, RankingAnswer } from "../types.ts";
import type { Name } from "../strings.ts";
import type { Option } from "./option.ts";
import { optionOf } from "./option.ts";
import type { Context, View } from "./view.ts";

function shown(context: Context, field: string): string {
  const value = context.document().content[field];
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value, null, 2);
}

const PLACE = { ":left": 0, ":right": 1 } as const;

/** Sides are only how it looks: answers always name a or b. */
class PairwiseView implements View {
  readonly element: HTMLElement;
  readonly #question: Pairwise;
  readonly #context: Context;
  readonly #sides: readonly ["a" | "b", "a" | "b"];
  readonly #options: ReadonlyMap<string, Option>;
  readonly #cards: readonly HTMLElement[];
  readonly #strengths: readonly Option[];
  readonly #strengthRow: HTMLElement;
  readonly #reason: HTMLTextAreaElement | null;
  #burst = uid("reason");

  constructor(question: Pairwise, context: Context) {
    const { t } = context;
    this.#question = question;
    this.#context = context;
    this.#sides = context.shuffled ? ["b", "a"] : ["a", "b"];
    const group = uid("prefer");
    const named = [
      [":left", t("prefer_left")],
      [":right", t("prefer_right")],
      ...(question.tie === false ? [] : [[":tie", t("prefer_tie")]]),
    ] as [string, string][];
    this.#options = new Map(named.map(([value, name]) => [value, this.#option(value, name, group, () => this.#prefer(value))]));
    this.#cards = this.#sides.map((side, index) => this.#card(side, t(index === 0 ? "left" : "right")));
    const most = (question.strengths ?? 0) > 1 ? (question.strengths ?? 0) : 0;
    const strengthGroup = uid("strength");
    this.#strengths = Array.from({ length: most }, (_, index) =>
      this.#option(String(index + 1), String(index + 1), strengthGroup, () => this.#strengthen(index + 1)),
    );
    this.#strengthRow = h(
      "div",
      { class: "span-attribute" },
      h("span", { class: "muted" }, t("strength")),
      h("div", { class: "options", role: "radiogroup", "aria-label": t("strength") }, ...this.#strengths.map((each) => each.element)),
    );
    this.#reason = question.reason && question.reason !== "none" ? this.#reasonField() : null;
    this.element = h(
      "div",
      { class: "pairwise" },
      // Left is left on every page: "left is better" on a page from right to left must not mean what stands on the right.
      h("div", { class: "parallel", dir: "ltr" }, ...this.#cards),
      h("div", { class: "options", role: "radiogroup", dir: "ltr" }, ...[...this.#options.values()].map((each) => each.element)),
      this.#strengthRow,
      this.#reason && h("div", { class: "written" }, this.#reason, h("kbd", { "aria-hidden": "true" }, context.cap(question.id, ":focus"))),
    );
  }

  get #answer(): PairwiseAnswer | undefined {
    return this.#context.document().answers[this.#question.id] as PairwiseAnswer | undefined;
  }

  press(value: string): void {
    if (value === ":focus") this.#reason?.focus();
    else if (value.startsWith(":")) this.#prefer(value);
    else this.#strengthen(Number(value));
  }

  update(doc: Document): void {
    const answer = doc.answers[this.#question.id] as PairwiseAnswer | undefined;
    for (const [value, option] of this.#options) option.set(answer?.preferred === this.#meant(value));
    for (const [index, option] of this.#strengths.entries()) option.set(answer?.strength === index + 1);
    this.#strengthRow.hidden = this.#strengths.length === 0 || answer === undefined || answer.preferred === "tie";
    for (const card of this.#cards) card.classList.toggle("is-preferred", card.dataset["side"] === answer?.preferred);
    if (this.#reason && answer && this.#reason.value.trim() !== (answer.reason ?? "").trim() && document.activeElement !== this.#reason)
      this.#reason.value = answer.reason ?? "";
  }

  /** A reason may have been written before a side was chosen. */
  close(): void {
    const answer = this.#answer;
    if (this.#reason && answer && this.#reason.value.trim() !== "" && !answer.reason) this.#give(withReason(answer, this.#reason.value));
  }

  #give(answer: PairwiseAnswer, burst?: string): void {
    this.#context.answer(this.#question.id, answer, burst);
  }

  #meant(value: string): PairwiseAnswer["preferred"] {
    return value === ":tie" ? "tie" : this.#sides[PLACE[value as keyof typeof PLACE]];
  }

  #prefer(value: string): void {
    this.close();
    this.#give(prefer(this.#answer, this.#meant(value)));
    this.close();
  }

  #strengthen(strength: number): void {
    const answer = this.#answer;
    if (answer && answer.preferred !== "tie") this.#give({ ...answer, strength });
    else this.#context.say(this.#context.t("required"));
  }

  #option(value: string, name: string, group: string, pick: () => void): Option {
    return optionOf({ context: this.#context, question: this.#question.id, value, name, type: "radio", group, pick });
  }

  #card(side: "a" | "b", name: string): HTMLElement {
    return h(
      "section",
      { class: "pane pair", "data-side": side },
      h("h3", { class: "pane-name" }, name),
      h("div", { class: "text", lang: this.#context.textLanguage, dir: "auto" }, shown(this.#context, this.#question[side])),
    );
  }

  #reasonField(): HTMLTextAreaElement {
    const field = h("textarea", { rows: 2, dir: "auto", "aria-label": this.#context.t("reason"), placeholder: this.#context.t("reason") });
    field.addEventListener("focus", () => {
      this.#burst = uid("reason");
    });
    field.addEventListener("input", () => {
      const answer = this.#answer;
      if (answer) this.#give(withReason(answer, field.value), this.#burst);
    });
    return field;
  }
}

export function pairwiseView(question: Pairwise, context: Context): View {
  return new PairwiseView(question, context);
}

class RankingView implements View {
  readonly element: HTMLElement;
  readonly #question: Ranking;
  readonly #context: Context;
  readonly #list = h("ol", { class: "ranking" });

  constructor(question: Ranking, context: Context) {
    this.#question = question;
    this.#context = context;
    this.element = h("div", { class: "ranking-box" }, h("p", { class: "hint" }, context.t("ranking_hint")), this.#list);
  }

  get #ranking(): RankingAnswer {
    return (this.#context.document().answers[this.#question.id] ?? []) as RankingAnswer;
  }

  press(value: string): void {
    this.#give(place(this.#ranking, value));
  }

  key(name: string): boolean {
    const last = this.#ranking.at(-1)?.at(-1);
    if (name !== "=" || last === undefined) return false;
    this.#give(tie(this.#ranking, last));
    return true;
  }

  update(doc: Document): void {
    const ranking = (doc.answers[this.#question.id] ?? []) as RankingAnswer;
    const focused = document.activeElement?.getAttribute("aria-label");
    const placed = new Set(ranking.flat());
    const ranks = ranking.map((_, index) => 1 + ranking.slice(0, index).flat().length);
    const rows = ranking.flatMap((group, index) => group.map((value) => this.#row(value, ranks[index] ?? null)));
    const left = rankingOptions(this.#question)
      .filter((option) => !placed.has(option.value))
      .map((option) => this.#row(option.value, null));
    fill(this.#list, ...rows, ...left);
    if (focused) [...this.#list.querySelectorAll("button")].find((button) => button.getAttribute("aria-label") === focused)?.focus();
  }

  #give(ranking: RankingAnswer | undefined): void {
    this.#context.answer(this.#question.id, ranking);
  }

  #words(value: string): string {
    if (this.#question.fields?.includes(value)) return shown(this.#context, value);
    return rankingOptions(this.#question).find((option) => option.value === value)?.name ?? value;
  }

  #act(value: string, name: Name, sign: string, run: () => void): HTMLElement {
    const said = `${this.#context.t(name)}: ${this.#words(value).slice(0, 40)}`;
    return h(
      "button",
      { type: "button", class: "button quiet icon", title: this.#context.t(name), "aria-label": said, onclick: run },
      sign,
    );
  }

  #row(value: string, rank: number | null): HTMLElement {
    const cap = this.#context.cap(this.#question.id, value);
    const pick = h(
      "button",
      {
        type: "button",
        class: "option is-button rank-pick",
        "aria-pressed": String(rank !== null),
        "aria-keyshortcuts": cap || null,
        onclick: () => this.press(value),
      },
      cap !== "" && h("kbd", { "aria-hidden": "true" }, cap),
      h("span", { class: "rank" }, rank === null ? "–" : String(rank)),
      h("span", { class: "name", dir: "auto", lang: this.#context.textLanguage }, this.#words(value)),
    );
    const acts =
      rank !== null &&
      h(
        "span",
        { class: "row rank-acts" },
        this.#act(value, "rank_up", "↑", () => this.#give(move(this.#ranking, value, -1))),
        this.#act(value, "rank_down", "↓", () => this.#give(move(this.#ranking, value, 1))),
        this.#act(value, "rank_tie", "=", () => this.#give(tie(this.#ranking, value))),
      );
    return h("li", { class: `rank-row${rank === null ? "" : " is-placed"}` }, pick, acts);
  }
}

export function rankingView(question: Ranking, context: Context): View {
  return new RankingView(question, context);
}
