// Turns a key press into the name of a command; silent while an IME composes or a text field has focus.

import type { Label, Pick, Question, Schema } from "./types.ts";

export const commands = {
  submit: "Enter",
  skip: "s",
  undo: "z",
  redo: "Z",
  ask: "a",
  back: "b",
  veil: "v",
  panic: "p",
  help: "?",
  search: "/",
  guideline: "g",
  larger: "+",
  smaller: "-",
} as const;
export type Command = keyof typeof commands;

/** Second keys for the same command, as long as nobody has taken them. */
const alternates: Readonly<Record<string, Command>> = { y: "redo" };

/** Blanks the screen wherever the cursor is, for it types nothing anywhere; an input method may hide what key it is. */
export function isPause(press: Press): boolean {
  return press.key === "Pause" || press.code === "Pause";
}

/** Keys for answers in the order they are given out: digits, then letters as they lie, then letters with Shift. */
const pool = [..."1234567890qwertyuiopdfghjkxcnmlasvbz", ..."QWERTYUIOPASDFGHJKLXCVBNM"];

export interface Act {
  readonly id: string;
  readonly question: string;
  readonly value: string;
  readonly name: string;
  readonly key: string;
}

export type Bindings = ReadonlyMap<string, string>;

export interface Press {
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode?: number;
  readonly repeat?: boolean;
}

type Bare = Readonly<Record<"value" | "name" | "key", string>>;

function bare(value: string, name = value, key = ""): Bare {
  return { value, name, key };
}

function fromLabels(labels: readonly Label[] | undefined, prefix = ""): { value: string; name: string; key: string }[] {
  return (labels ?? []).map((label) => ({ value: prefix + label.value, name: label.name || label.value, key: label.key ?? "" }));
}

/** Labels of a tree are picked by their place in the open column: these many places have keys. */
export const PLACES = 9;

function widest(labels: readonly Label[]): number {
  return Math.max(labels.length, ...labels.map((label) => widest(label.labels ?? [])));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, step) => from + step);
}

function placeActs(labels: readonly Label[], prompt: string): Bare[] {
  const places = range(1, Math.min(PLACES, widest(labels)));
  return places.map((place) => ({ value: String(place), name: `${prompt} ${place}`, key: labels[place - 1]?.key ?? "" }));
}

/** The key that the schema gives to what can be picked. */
function keyOf(options: readonly Pick[] | undefined, value: string | number): string {
  return options?.find((option) => String(option.value) === String(value))?.key ?? "";
}

function extrasOf(question: Extract<Question, { kind: "language" }>): readonly string[] {
  return (question.allow ?? []).filter((extra) => extra !== "variety");
}

/** With one strength there is nothing to say. */
export function strengthsOf(question: Extract<Question, { kind: "pairwise" }>): number[] {
  return (question.strengths ?? 1) > 1 ? range(1, question.strengths ?? 1) : [];
}

/** The sides' keys stay where they stand on the screen, whichever answer stands there. */
function pairwiseActs(question: Extract<Question, { kind: "pairwise" }>): Bare[] {
  return [
    bare(":left", ":left", keyOf(question.options, "a")),
    bare(":right", ":right", keyOf(question.options, "b")),
    ...(question.tie === false ? [] : [bare(":tie", ":tie", keyOf(question.options, "tie"))]),
    ...strengthsOf(question).map((value) => bare(String(value))),
    ...(question.reason && question.reason !== "none" ? [bare(":focus", question.prompt)] : []),
  ];
}

/** What can be done to a question by one key, in schema order; the values are read by its view. */
export function actsOf(question: Question): Bare[] {
  switch (question.kind) {
    case "choice":
    case "choices":
    case "relations":
      return fromLabels(question.labels);
    case "tree":
      return [...placeActs(question.labels, question.prompt), bare(":up"), bare(":focus", question.prompt)];
    case "text":
    case "slider":
      return [bare(":focus", question.prompt)];
    case "rating":
      return range(question.min, question.max).map((value) =>
        bare(String(value), ratingName(question.names, value, question.min) || String(value), keyOf(question.options, value)),
      );
    case "language":
      return [
        ...question.tags.map((tag) => bare(tag, tag, keyOf(question.options, tag))),
        bare(":suggested"),
        ...extrasOf(question).map((extra) => bare(`:${extra}`, extra, keyOf(question.options, extra))),
        bare(":focus", question.prompt),
      ];
    case "spans":
      return [
        ...fromLabels(question.labels),
        ...(question.attributes ?? []).flatMap((attribute) => fromLabels(attribute.labels, `:${attribute.id}:`)),
      ];
    case "tokens":
      return [...fromLabels(question.labels), bare(":clear"), bare(":next")];
    case "errors":
      return [
        ...fromLabels(question.categories, "category:"),
        ...fromLabels(question.severities, "severity:"),
        ...(question.score ? [bare(":focus", "0–100")] : []),
      ];
    case "pairwise":
      return pairwiseActs(question);
    case "ranking":
      return rankingOptions(question).map(({ value, name }) => bare(value, name, keyOf(question.options, value)));
  }
}

export function rankingOptions(
  question: Extract<Question, { kind: "ranking" }>,
): readonly { readonly value: string; readonly name: string }[] {
  const given = (question.options ?? []).map((option) => ({ value: String(option.value), name: option.name }));
  return given.length > 0 ? given : (question.fields ?? []).map((field) => ({ value: field, name: field }));
}

export function ratingName(
  names: readonly string[] | Readonly<Record<string, string>> | null | undefined,
  value: number,
  min: number,
): string {
  if (!names) return "";
  return (Array.isArray(names) ? names[value - min] : (names as Readonly<Record<string, string>>)[String(value)]) ?? "";
}

/** The commands' keys as this person has them. */
export function commandKeys(own: Readonly<Record<string, string>>): Record<Command, string> {
  return { ...commands, ...Object.fromEntries(Object.entries(own).filter(([name]) => name in commands)) } as Record<Command, string>;
}

/** Every act of the schema with its key: the person's, else the schema's, else the next free one; "" when all are taken. */
export function allocate(schema: Schema, own: Readonly<Record<string, string>>): Act[] {
  const acts = schema.questions.flatMap((question) =>
    actsOf(question).map((act) => ({ ...act, question: question.id, id: `${question.id}:${act.value}` })),
  );
  const reserved = new Set<string>([...Object.values(commandKeys(own)), ...Object.keys(alternates)]);
  const wished = acts.map((act) => own[act.id] ?? act.key);
  const taken = new Set([...reserved, ...wished]);
  const given = new Map<string, string>();
  for (const [index, act] of acts.entries()) if (wished[index] && !reserved.has(wished[index])) given.set(act.id, wished[index]);
  for (const question of schema.questions) {
    const open = acts.filter((act) => act.question === question.id && !given.has(act.id));
    const digits = question.kind === "rating" ? open.map((act) => (act.value === "10" ? "0" : act.value)) : [];
    // A rating's own digits, but only all of them: a "3" that answers to another key than 3 misleads.
    const isNatural =
      digits.length > 0 && new Set(digits).size === digits.length && digits.every((digit) => /^\d$/.test(digit) && !taken.has(digit));
    for (const [index, act] of open.entries()) {
      const key = isNatural ? (digits[index] ?? "") : (pool.find((each) => !taken.has(each)) ?? "");
      taken.add(key);
      given.set(act.id, key);
    }
  }
  return acts.map((act) => ({ ...act, key: given.get(act.id) ?? "" }));
}

/** Key → command or act id, for the questions that are visible now; a command keeps its key against any act. */
export function bindings(acts: readonly Act[], visible: ReadonlySet<string>, own: Readonly<Record<string, string>>): Bindings {
  const bound = new Map<string, string>(Object.entries(alternates));
  for (const act of acts) if (act.key !== "" && visible.has(act.question)) bound.set(act.key, act.id);
  for (const [command, key] of Object.entries(commandKeys(own))) bound.set(key, command);
  return bound;
}

const LETTER_OR_DIGIT = /^[a-z0-9]$/i;

/** The names a press may go by, best first: what it types, then where the key lies (for layouts that type no Latin). */
export function namesOf(press: Press): string[] {
  const typed = [...press.key].length === 1 ? press.key.normalize("NFKC") : press.key;
  const names = [typed];
  if (LETTER_OR_DIGIT.test(typed)) return names;
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(press.code)?.[1];
  if (letter) names.push(press.shiftKey ? letter : letter.toLowerCase());
  else if (digit && !press.shiftKey) names.push(digit);
  else if (press.code === "Slash") names.push(press.shiftKey ? "?" : "/");
  return names;
}

/** True while the press belongs to an input method or to the browser, not to us. */
export function isSilent(press: Press): boolean {
  return (
    press.isComposing ||
    press.keyCode === 229 ||
    press.key === "Process" ||
    press.key === "Dead" ||
    press.key === "Unidentified" ||
    press.ctrlKey ||
    press.altKey ||
    press.metaKey
  );
}

/** The command or act of a press, or null; in a text field only Escape and Ctrl or ⌘ with Enter are ours. */
export function commandOf(press: Press, bound: Bindings, inTextField: boolean): string | null {
  if (press.key === "Enter" && (press.ctrlKey || press.metaKey) && !press.isComposing && press.keyCode !== 229) return "submit";
  if (isSilent(press)) return null;
  if (press.key === "Escape") return "escape";
  if (inTextField) return null;
  for (const name of namesOf(press)) {
    const found = bound.get(name);
    if (found !== undefined) return press.repeat && found !== "undo" && found !== "redo" ? null : found;
  }
  return null;
}

/** How a key is printed on a button. */
export function keyCap(key: string, space: string): string {
  if (key === "Enter") return "⏎";
  if (key === " ") return space;
  if (/^[A-Z]$/.test(key)) return `⇧${key}`;
  return key;
}
