// The keys as one person has them: what each means, how it is printed, and the page to change it.

import { openHelp } from "./help.ts";
import type { Act, Bindings, Command } from "./keys.ts";
import { allocate, bindings, commandKeys, keyCap } from "./keys.ts";
import { nameOf } from "./languages.ts";
import type { Name, Translate } from "./strings.ts";
import type { Schema } from "./types.ts";

/** Acts without a label of their own go by the interface's words. */
const named: Readonly<Record<string, Name>> = {
  ":mixed": "language_mixed",
  ":none": "language_none",
  ":suggested": "suggested",
  ":left": "prefer_left",
  ":right": "prefer_right",
  ":tie": "prefer_tie",
  ":clear": "token_clear",
  ":next": "token_next_empty",
  ":up": "tree_up",
};

export interface Given {
  readonly t: Translate;
  readonly language: string;
  readonly own: Readonly<Record<string, string>>;
  /** Called with the new keys; true once the server has them. */
  readonly save: (keys: Readonly<Record<string, string>>) => Promise<boolean>;
}

export class Keymap {
  readonly #given: Given;
  readonly #acts = new Map<Schema, readonly Act[]>();
  #own: Readonly<Record<string, string>>;

  constructor(given: Given) {
    this.#given = given;
    this.#own = given.own;
  }

  actsOf(schema: Schema): readonly Act[] {
    const known = this.#acts.get(schema) ?? allocate(schema, this.#own);
    this.#acts.set(schema, known);
    return known;
  }

  bindings(acts: readonly Act[], visible: ReadonlySet<string>): Bindings {
    return bindings(acts, visible, this.#own);
  }

  cap(command: Command): string {
    return keyCap(commandKeys(this.#own)[command], this.#given.t("key_space"));
  }

  openHelp(schema: Schema | undefined, closed: () => void): void {
    openHelp({
      t: this.#given.t,
      own: () => this.#own,
      acts: () => (schema ? this.actsOf(schema) : []),
      kinds: () => new Set(schema?.questions.map((question) => question.kind)),
      prompt: (id) => schema?.questions.find((question) => question.id === id)?.prompt || id,
      nameOf: (act) => this.#nameOf(act, schema),
      closed,
      save: (keys) => {
        this.#own = keys;
        this.#acts.clear();
        return this.#given.save(keys);
      },
    });
  }

  #nameOf(act: Act, schema: Schema | undefined): string {
    const { t, language } = this.#given;
    const question = schema?.questions.find((each) => each.id === act.question);
    if (act.value === ":focus")
      return question?.kind === "language" ? t("language_other") : question?.kind === "tree" ? t("tree_search") : act.name;
    const name = named[act.value];
    if (name) return t(name);
    if (question?.kind === "language") return nameOf(act.value, language);
    return question?.kind === "pairwise" ? `${t("strength")} ${act.value}` : act.name;
  }
}
