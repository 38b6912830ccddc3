// Which view shows which kind of question.

import type { Question } from "../types.ts";
import { choiceView, ratingView } from "./choice.ts";
import { pairwiseView, rankingView } from "./compare.ts";
import { errorsView } from "./errors.ts";
import { languageView } from "./language.ts";
import { relationsView } from "./relations.ts";
import { spansView } from "./spans.ts";
import { tokensView } from "./tokens.ts";
import { treeView } from "./tree.ts";
import type { Context, View } from "./view.ts";
import { sliderView, textView } from "./written.ts";

export function viewOf(question: Question, context: Context): View {
  switch (question.kind) {
    case "choice":
    case "choices":
      return choiceView(question, context);
    case "tree":
      return treeView(question, context);
    case "rating":
      return ratingView(question, context);
    case "slider":
      return sliderView(question, context);
    case "text":
      return textView(question, context);
    case "language":
      return languageView(question, context);
    case "spans":
      return spansView(question, context);
    case "relations":
      return relationsView(question, context);
    case "tokens":
      return tokensView(question, context);
    case "errors":
      return errorsView(question, context);
    case "pairwise":
      return pairwiseView(question, context);
    case "ranking":
      return rankingView(question, context);
  }
}
