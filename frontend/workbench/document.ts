// The answers of one item as immutable state: every change through one reducer, with undo and redo.

import type { Answer, Answers, Content, LanguageAnswer, PairwiseAnswer, Question, Relation, Schema, Span } from "./types.ts";

export interface Document {
  readonly schema: Schema;
  readonly content: Content;
  readonly language: string;
  readonly answers: Answers;
  readonly active: string;
  readonly past: readonly Answers[];
  readonly future: readonly Answers[];
  /** Changes of one burst (typing in one field) are undone together. */
  readonly burst: string | null;
}

export type Act =
  | { readonly do: "answer"; readonly question: string; readonly value: Answer | undefined; readonly burst?: string }
  | { readonly do: "activate"; readonly question: string }
  | { readonly do: "undo" }
  | { readonly do: "redo" };

const HISTORY = 500;

interface Opened {
  readonly schema: Schema;
  readonly content: Content;
  readonly language: string;
  readonly answers?: Answers;
  /** Nobody has touched it yet: texts to be bettered are put in. */
  readonly isNew?: boolean;
}

/** Open a document, with the answers of a draft or of an earlier revision. */
export function open({ isNew, ...given }: Opened): Document {
  const kept = settle(given.schema, given.answers ?? {});
  const answers = isNew ? prefill(given.schema, given.content, kept, new Set()) : kept;
  const visible = visibleQuestions(given.schema, answers);
  const first = given.schema.questions.find(
    (question) => visible.has(question.id) && question.required !== false && !(question.id in answers),
  );
  return { ...given, answers, active: first?.id ?? given.schema.questions[0]?.id ?? "", past: [], future: [], burst: null };
}

export function reduce(doc: Document, act: Act): Document {
  switch (act.do) {
    case "activate":
      return { ...doc, active: act.question, burst: null };
    case "undo":
      return undo(doc);
    case "redo":
      return redo(doc);
    case "answer":
      return answer(doc, act);
  }
}

function answer(doc: Document, act: Extract<Act, { do: "answer" }>): Document {
  const { [act.question]: before, ...rest } = doc.answers;
  if (same(before, act.value)) return { ...doc, active: act.question };
  const settled = settle(doc.schema, act.value === undefined ? rest : { ...rest, [act.question]: act.value });
  const changed = prefill(doc.schema, doc.content, settled, visibleQuestions(doc.schema, doc.answers));
  const joins = act.burst !== undefined && act.burst === doc.burst && doc.past.length > 0;
  return {
    ...doc,
    answers: changed,
    active: act.question,
    past: joins ? doc.past : [...doc.past.slice(-HISTORY + 1), doc.answers],
    future: [],
    burst: act.burst ?? null,
  };
}

function undo(doc: Document): Document {
  const before = doc.past.at(-1);
  if (!before) return doc;
  return { ...doc, answers: before, past: doc.past.slice(0, -1), future: [doc.answers, ...doc.future], burst: null };
}

function redo(doc: Document): Document {
  const after = doc.future[0];
  if (!after) return doc;
  return { ...doc, answers: after, past: [...doc.past, doc.answers], future: doc.future.slice(1), burst: null };
}

export function same(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => same((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]))
  );
}

/** What a person starts from where a text is to be bettered, not written: it stands in the answer as soon as the question shows. */
function prefill(schema: Schema, content: Content, answers: Answers, before: ReadonlySet<string>): Answers {
  const visible = visibleQuestions(schema, answers);
  const texts = schema.questions.flatMap((question) => {
    if (question.kind !== "text" || !question.prefill || !visible.has(question.id) || before.has(question.id)) return [];
    const text = content[question.prefill];
    return typeof text === "string" && text !== "" && !(question.id in answers) ? [[question.id, text] as const] : [];
  });
  return texts.length === 0 ? answers : { ...answers, ...Object.fromEntries(texts) };
}

/** Hidden questions hold no answer, and relations only join spans that are there. */
export function settle(schema: Schema, answers: Answers): Answers {
  const visible = visibleQuestions(schema, answers);
  const kept: Record<string, Answer> = {};
  for (const question of schema.questions) {
    const value = answers[question.id];
    if (value === undefined || !visible.has(question.id)) continue;
    if (question.kind !== "relations") kept[question.id] = value;
  }
  for (const question of schema.questions) {
    const value = answers[question.id];
    if (question.kind !== "relations" || value === undefined || !visible.has(question.id)) continue;
    const ids = new Set(((kept[question.spans] ?? []) as readonly Span[]).map((span) => span.id));
    const joined = (value as readonly Relation[]).filter((relation) => ids.has(relation.from) && ids.has(relation.to));
    if (joined.length > 0) kept[question.id] = joined;
  }
  return kept;
}

/** The questions whose conditions hold; a condition on a hidden question does not. */
export function visibleQuestions(schema: Schema, answers: Answers): ReadonlySet<string> {
  const byId = new Map(schema.questions.map((question) => [question.id, question]));
  const known = new Map<string, boolean>();
  const isVisible = (question: Question): boolean => {
    const decided = known.get(question.id);
    if (decided !== undefined) return decided;
    known.set(question.id, false); // a circle of conditions hides itself
    const condition = question.show_when;
    const asked = condition ? byId.get(condition.question) : undefined;
    const holds =
      !condition ||
      (asked !== undefined &&
        isVisible(asked) &&
        values(answers[condition.question]).some((value) => condition.is.some((wanted) => String(wanted) === value)));
    known.set(question.id, holds);
    return holds;
  };
  return new Set(schema.questions.filter(isVisible).map((question) => question.id));
}

/** What a condition can be held against: each chosen value as text. */
function values(value: Answer | undefined): string[] {
  if (value === undefined) return [];
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.every((each) => typeof each === "string") ? [...value] : [];
  const { tag, mixed, none } = value as LanguageAnswer;
  const { preferred } = value as PairwiseAnswer;
  return [tag, mixed && "mixed", none && "none", preferred].filter((each) => typeof each === "string");
}
