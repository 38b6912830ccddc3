// Which language a text is in: suggested tags, any other by name, several mixed, or none.

import type { Document } from "../document.ts";
import { same } from "../document.ts";
import { h, uid } from "../dom.ts";
import { canonical, findLanguages, nameOf, pickTag, switchMixed } from "../languages.ts";
import type { Language, LanguageAnswer } from "../types.ts";
import { Finder } from "./finder.ts";
import type { Option } from "./option.ts";
import { optionOf, suggestedText } from "./option.ts";
import type { Context, View } from "./view.ts";

class LanguageView implements View {
  readonly element: HTMLElement;
  readonly #question: Language;
  readonly #context: Context;
  readonly #group = uid("language");
  readonly #options = new Map<string, Option>();
  readonly #list = h("div", { class: "options", role: "group" });
  readonly #mixed: Option | null;
  readonly #none: Option | null;
  readonly #other: Finder;
  /** The detector's tag. */
  readonly #suggested: string | undefined;

  constructor(question: Language, context: Context) {
    this.#question = question;
    this.#context = context;
    this.#suggested = (context.suggestion(question.id)?.value as LanguageAnswer | undefined)?.tag;
    this.#mixed = question.allow?.includes("mixed") ? this.#extra(":mixed", context.t("language_mixed")) : null;
    this.#none = question.allow?.includes("none") ? this.#extra(":none", context.t("language_none")) : null;
    this.#list.append(...[this.#mixed, this.#none].flatMap((each) => (each ? [each.element] : [])));
    for (const tag of [...question.tags, ...(this.#suggested ? [this.#suggested] : [])]) this.#add(tag);
    this.#other = this.#finder();
    this.element = h("div", { class: "language" }, this.#list, this.#other.element);
  }

  get #answer(): LanguageAnswer | undefined {
    return this.#context.document().answers[this.#question.id] as LanguageAnswer | undefined;
  }

  press(value: string): void {
    if (value === ":focus") this.#other.focus();
    else if (value === ":mixed") this.#give(switchMixed(this.#answer));
    else if (value === ":none") this.#give(this.#answer?.none ? undefined : { none: true });
    else if (value === ":suggested") {
      if (this.#suggested) this.#pick(this.#suggested);
    } else this.#pick(value);
  }

  update(doc: Document): void {
    const answer = doc.answers[this.#question.id] as LanguageAnswer | undefined;
    for (const tag of [...(answer?.mixed ?? []), ...(answer?.tag ? [answer.tag] : [])]) this.#add(tag);
    for (const [tag, option] of this.#options) {
      option.input.type = answer?.mixed ? "checkbox" : "radio";
      option.set(answer?.mixed ? answer.mixed.includes(tag) : same(answer, { tag }));
    }
    this.#mixed?.set(answer?.mixed !== undefined);
    this.#none?.set(answer?.none === true);
  }

  /** One language is not a mixture. */
  close(): void {
    const only = this.#answer?.mixed;
    if (only && only.length < 2) this.#give(only[0] ? { tag: only[0] } : undefined);
  }

  #give(answer: LanguageAnswer | undefined): void {
    this.#context.answer(this.#question.id, answer);
  }

  #pick(tag: string): void {
    this.#add(tag);
    this.#give(pickTag(this.#answer, tag));
  }

  #extra(value: string, name: string): Option {
    return optionOf({
      context: this.#context,
      question: this.#question.id,
      value,
      name,
      type: "checkbox",
      group: `${this.#group}${value}`,
      pick: () => this.press(value),
    });
  }

  #add(tag: string): void {
    if (this.#options.has(tag)) return;
    const name = nameOf(tag, this.#context.language);
    const value = tag === this.#suggested && !this.#question.tags.includes(tag) ? ":suggested" : tag;
    const option = optionOf({
      context: this.#context,
      question: this.#question.id,
      value,
      name,
      ...(name === tag ? {} : { detail: tag }),
      type: "radio",
      group: this.#group,
      pick: () => this.#pick(tag),
    });
    if (tag === this.#suggested) option.suggest(suggestedText(this.#context, this.#context.suggestion(this.#question.id)?.confidence));
    this.#options.set(tag, option);
    this.#list.insertBefore(option.element, this.#mixed?.element ?? this.#none?.element ?? null);
  }

  /** Varieties are taken where they are asked for, or listed; a script makes no variety. */
  #isAsked(tag: string): boolean {
    return this.#question.allow?.includes("variety") || this.#question.tags.includes(tag) || /^[a-z]{2,3}(?:-[a-z]{4})?$/i.test(tag);
  }

  #finder(): Finder {
    const { t, language, say } = this.#context;
    return new Finder({
      label: t("language_other"),
      cap: this.#context.cap(this.#question.id, ":focus"),
      none: "",
      find: (typed) =>
        findLanguages(typed, language)
          .filter(({ tag }) => this.#isAsked(tag))
          .map(({ tag, name }) => ({ id: tag, name, detail: tag })),
      choose: (tag) => this.#pick(tag),
      free: (typed) => {
        const tag = canonical(typed);
        if (tag && this.#isAsked(tag)) this.#pick(tag);
        else say(t("language_bad"));
      },
    });
  }
}

export function languageView(question: Language, context: Context): View {
  return new LanguageView(question, context);
}
