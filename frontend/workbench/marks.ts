// Pure changes to marked text: spans, painted tokens and translation errors, all in code points.

import type { ErrorsAnswer, Relation, Side, Span, Spans, Token, TranslationError } from "./types.ts";

export interface Range {
  readonly start: number;
  readonly end: number;
}

function byPlace(left: Range, right: Range): number {
  return left.start - right.start || right.end - left.end;
}

const overlaps = (left: Range, right: Range): boolean => left.start < right.end && right.start < left.end;
const holds = (outer: Range, inner: Range): boolean => outer.start <= inner.start && inner.end <= outer.end;

export type Refusal = "span_refused_overlap" | "span_refused_cross" | "select_first";

/** Why this range may not become a span under the question's policy, or null. */
export function refusal(spans: readonly Span[], range: Range, overlap: Spans["overlap"]): Refusal | null {
  if (range.end <= range.start) return "select_first";
  if (overlap === "allow") return null;
  const touching = spans.filter((span) => overlaps(span, range));
  if (overlap === "nest") return touching.every((span) => holds(span, range) || holds(range, span)) ? null : "span_refused_cross";
  return touching.length > 0 ? "span_refused_overlap" : null;
}

/** Add a span in its place; the same range with the same label is there already. */
export function addSpan(spans: readonly Span[], range: Range, label: string): { spans: readonly Span[]; id: string } {
  const there = spans.find((span) => span.start === range.start && span.end === range.end && span.label === label);
  if (there) return { spans, id: there.id };
  const id = `s${1 + spans.reduce((most, span) => Math.max(most, Number(span.id.slice(1)) || 0), 0)}`;
  return { spans: [...spans, { id, start: range.start, end: range.end, label, attributes: {} }].sort(byPlace), id };
}

export function removeSpan(spans: readonly Span[], id: string): readonly Span[] {
  return spans.filter((span) => span.id !== id);
}

export function relabelSpan(spans: readonly Span[], id: string, label: string): readonly Span[] {
  return spans.map((span) => (span.id === id ? { ...span, label } : span));
}

/** Set an attribute, or take it away when it holds the value already. */
export function setAttribute(spans: readonly Span[], id: string, attribute: string, value: string): readonly Span[] {
  return spans.map((span) => {
    if (span.id !== id) return span;
    const { [attribute]: before, ...rest } = span.attributes;
    return { ...span, attributes: before === value ? rest : { ...rest, [attribute]: value } };
  });
}

/** How deep each span lies inside the others, by its place in the list. */
export function depths(spans: readonly Range[]): number[] {
  const open: { end: number; depth: number }[] = [];
  return spans.map((span) => {
    for (let at = open.length - 1; at >= 0; at -= 1) if ((open[at]?.end ?? 0) <= span.start) open.splice(at, 1);
    const used = new Set(open.map((each) => each.depth));
    let depth = 0;
    while (used.has(depth)) depth += 1;
    open.push({ end: span.end, depth });
    return depth;
  });
}

export function spanAt(spans: readonly Span[], point: number): Span | undefined {
  return spans
    .filter((span) => span.start <= point && point < span.end)
    .sort((left, right) => left.end - left.start - (right.end - right.start))[0];
}

/** Give the tokens in a range one label, or none. */
export function paint(painted: readonly Token[], tokens: readonly Range[], label: string | null): readonly Token[] {
  const touched = new Set(tokens.map((token) => token.start));
  const kept = painted.filter((token) => !touched.has(token.start));
  return label === null ? kept : [...kept, ...tokens.map(({ start, end }) => ({ start, end, label }))].sort(byPlace);
}

const SIDES: readonly Side[] = ["source", "target"];

export function addError(answer: ErrorsAnswer | undefined, error: TranslationError): { answer: ErrorsAnswer; index: number } {
  const errors = [...(answer?.errors ?? []), error].sort(
    (left, right) => SIDES.indexOf(left.side) - SIDES.indexOf(right.side) || byPlace(left, right),
  );
  return { answer: { ...answer, errors }, index: errors.indexOf(error) };
}

export function changeError(
  answer: ErrorsAnswer,
  index: number,
  change: Partial<Pick<TranslationError, "category" | "severity">>,
): ErrorsAnswer {
  return { ...answer, errors: answer.errors.map((error, at) => (at === index ? { ...error, ...change } : error)) };
}

/** Without its last error and without a score, nothing is answered. */
export function removeError(answer: ErrorsAnswer, index: number): ErrorsAnswer | undefined {
  const errors = answer.errors.filter((_, at) => at !== index);
  return errors.length === 0 && answer.score === undefined ? undefined : { ...answer, errors };
}

export function relate(relations: readonly Relation[], relation: Relation): readonly Relation[] {
  return [...relations.filter((each) => each.from !== relation.from || each.to !== relation.to || each.label !== relation.label), relation];
}
