// What a suggestion says, in a few words, for kinds that cannot show it on one of their options.

import { columnsOf } from "./choices.ts";
import { rankingOptions } from "./keys.ts";
import type { Translate } from "./strings.ts";
import type { Answer, ErrorsAnswer, PairwiseAnswer, Question, RankingAnswer } from "./types.ts";

/** A reader must see what they would be taking over. */
export function suggestionWords(
  question: Question,
  value: Answer,
  given: { readonly t: Translate; readonly language: string; readonly shuffled: boolean },
): string {
  switch (question.kind) {
    case "slider":
      return new Intl.NumberFormat(given.language).format(value as number);
    case "tree": {
      const path = value as readonly string[];
      const columns = columnsOf(question.labels, path);
      return path.map((each, depth) => columns[depth]?.find((label) => label.value === each)?.name || each).join(" › ");
    }
    case "pairwise": {
      const { preferred, strength } = value as PairwiseAnswer;
      const name = preferred === "tie" ? "prefer_tie" : (preferred === "a") === given.shuffled ? "prefer_right" : "prefer_left";
      return [given.t(name), strength].filter((part) => part !== undefined).join(" · ");
    }
    case "ranking": {
      const names = new Map(rankingOptions(question).map((option) => [option.value, option.name]));
      return (value as RankingAnswer).map((group) => group.map((each) => names.get(each) ?? each).join(" = ")).join(" > ");
    }
    case "errors": {
      const { errors, score } = value as ErrorsAnswer;
      return [`× ${errors.length}`, ...(score === undefined ? [] : [String(score)])].join(" · ");
    }
    case "spans":
    case "tokens":
    case "relations":
      return `× ${(value as readonly unknown[]).length}`;
    default:
      return "";
  }
}
