// What still stands between these answers and a submit, question by question.

import type { Document } from "./document.ts";
import { visibleQuestions } from "./document.ts";
import type { Name } from "./strings.ts";
import { rankingOptions } from "./keys.ts";
import { offsetsOf } from "./offsets.ts";
import type {
  Answer,
  Errors,
  ErrorsAnswer,
  LanguageAnswer,
  Pairwise,
  PairwiseAnswer,
  Question,
  RankingAnswer,
  Span,
  Spans,
  TextQuestion,
} from "./types.ts";

export interface Lack {
  readonly question: string;
  readonly name: Name;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Every visible question that cannot be submitted as it is, in schema order. */
export function lacks(doc: Document): Lack[] {
  const visible = visibleQuestions(doc.schema, doc.answers);
  return doc.schema.questions
    .filter((question) => visible.has(question.id))
    .flatMap((question) => {
      const value = doc.answers[question.id];
      const found = value === undefined ? missing(question) : wrong(question, value, doc);
      return found ? [{ question: question.id, ...found }] : [];
    });
}

type Found = Omit<Lack, "question"> | null;

/** Marking nothing is an answer: a text may hold no span and a translation no error. */
const MAY_BE_EMPTY: ReadonlySet<Question["kind"]> = new Set(["spans", "relations", "errors"]);

function missing(question: Question): Found {
  if (question.required === false) return null;
  if (question.kind === "errors" && question.score) return { name: "required" };
  if (question.kind === "choices" && question.min === 0) return null;
  return MAY_BE_EMPTY.has(question.kind) ? null : { name: "required" };
}

function wrong(question: Question, value: Answer, doc: Document): Found {
  switch (question.kind) {
    case "language":
      return (value as LanguageAnswer).mixed?.length === 0 ? { name: "required" } : null;
    case "choices":
      return count(question.min ?? 0, question.max ?? Infinity, (value as readonly string[]).length);
    case "text":
      return text(question, value as string, doc);
    case "spans":
      return spans(question, value as readonly Span[]);
    case "errors":
      return errors(question, value as ErrorsAnswer);
    case "pairwise":
      return pairwise(question, value as PairwiseAnswer);
    case "ranking":
      return (value as RankingAnswer).flat().length < rankingOptions(question).length ? { name: "required" } : null;
    default:
      return null;
  }
}

function count(min: number, max: number, n: number): Found {
  if (n < min) return { name: "too_few", values: { n: min } };
  return n > max ? { name: "too_many", values: { n: max } } : null;
}

function text(question: TextQuestion, value: string, doc: Document): Found {
  const n = offsetsOf(value).length;
  if (n < (question.min_length ?? 0) || (question.min_length && value.trim() === ""))
    return { name: "too_short", values: { n: question.min_length ?? 0 } };
  if (n > (question.max_length ?? Infinity)) return { name: "too_long", values: { n: question.max_length ?? 0 } };
  return question.not_copy_of && isCopy(value, String(doc.content[question.not_copy_of] ?? "")) ? { name: "is_copy" } : null;
}

/** A copy in other spacing, case or punctuation is a copy all the same. */
function isCopy(left: string, right: string): boolean {
  const bare = (each: string): string =>
    each
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s\p{P}]+/gu, "");
  return bare(right) !== "" && bare(left) === bare(right);
}

function spans(question: Spans, value: readonly Span[]): Found {
  const asked = (question.attributes ?? []).filter((attribute) => attribute.required !== false);
  const lacking = asked.find((attribute) => value.some((span) => !(attribute.id in span.attributes)));
  return lacking ? { name: "needs_attributes", values: { name: lacking.name ?? lacking.id } } : null;
}

function errors(question: Errors, value: ErrorsAnswer): Found {
  if (value.errors.some((error) => error.category === "" || error.severity === "")) return { name: "needs_severity" };
  return question.score && question.required !== false && value.score === undefined ? { name: "required" } : null;
}

function pairwise(question: Pairwise, value: PairwiseAnswer): Found {
  if (value.preferred !== "tie" && (question.strengths ?? 0) > 1 && value.strength === undefined) return { name: "needs_strength" };
  return question.reason === "required" && !value.reason?.trim() ? { name: "needs_reason" } : null;
}
