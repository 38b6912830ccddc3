// Pure changes to chosen, preferred and ranked values.

import type { Label, PairwiseAnswer, RankingAnswer } from "./types.ts";

/** Choose a label or take it back; the rest stays in schema order. One that stands alone and the others make way for each other. */
export function toggle(chosen: readonly string[], value: string, labels: readonly Label[]): readonly string[] | undefined {
  const kept = new Set(chosen);
  if (!kept.delete(value)) {
    const alone = new Set(labels.filter((label) => label.exclusive).map((label) => label.value));
    for (const other of chosen) if (alone.has(value) || alone.has(other)) kept.delete(other);
    kept.add(value);
  }
  const ordered = labels.map((label) => label.value).filter((each) => kept.has(each));
  return ordered.length > 0 ? ordered : undefined;
}

/** Prefer a side; no strength is kept for a tie. */
export function prefer(answer: PairwiseAnswer | undefined, preferred: PairwiseAnswer["preferred"]): PairwiseAnswer {
  const { strength, ...rest } = { ...answer, preferred };
  return preferred === "tie" || strength === undefined ? rest : { ...rest, strength };
}

/** A reason of nothing but space is none. */
export function withReason(answer: PairwiseAnswer, reason: string): PairwiseAnswer {
  const { reason: _before, ...rest } = answer;
  return reason.trim() === "" ? rest : { ...rest, reason };
}

/** Put an option after all that are placed, or take it out when it is placed already. */
export function place(ranking: RankingAnswer, value: string): RankingAnswer | undefined {
  const without = ranking.map((group) => group.filter((each) => each !== value)).filter((group) => group.length > 0);
  if (ranking.flat().includes(value)) return without.length > 0 ? without : undefined;
  return [...without, [value]];
}

/** Move an option a place up or down, out of a tie first. */
export function move(ranking: RankingAnswer, value: string, step: -1 | 1): RankingAnswer {
  const at = ranking.findIndex((group) => group.includes(value));
  const group = ranking[at];
  if (!group) return ranking;
  const before = ranking.slice(0, at);
  const after = ranking.slice(at + 1);
  const others = group.filter((each) => each !== value);
  if (others.length > 0) return step < 0 ? [...before, [value], others, ...after] : [...before, others, [value], ...after];
  if (step < 0) return before.length === 0 ? ranking : [...before.slice(0, -1), [value], ...before.slice(-1), ...after];
  return after.length === 0 ? ranking : [...before, ...after.slice(0, 1), [value], ...after.slice(1)];
}

/** Join the group above. */
export function tie(ranking: RankingAnswer, value: string): RankingAnswer {
  const at = ranking.findIndex((group) => group.includes(value));
  const above = ranking[at - 1];
  if (at < 1 || !above) return ranking;
  return ranking.flatMap((group, index) => {
    if (index === at - 1) return [[...above, value]];
    const left = group.filter((each) => each !== value);
    return left.length > 0 ? [left] : [];
  });
}

/** The path from the root to each label of a tree, with the names along it. */
export function paths(labels: readonly Label[], above: readonly Label[] = []): (readonly Label[])[] {
  return labels.flatMap((label) => [[...above, label], ...paths(label.labels ?? [], [...above, label])]);
}

/** The columns that are open along a path: the roots, and the children of each label on it. */
export function columnsOf(labels: readonly Label[], path: readonly string[]): (readonly Label[])[] {
  const columns = [labels];
  let level = labels;
  for (const value of path) {
    level = level.find((label) => label.value === value)?.labels ?? [];
    if (level.length === 0) break;
    columns.push(level);
  }
  return columns;
}
