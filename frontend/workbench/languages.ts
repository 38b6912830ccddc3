// Languages a person can pick by name: those the server names, besides the ones a question suggests.

import type { Config, LanguageAnswer } from "./types.ts";

type Names = NonNullable<Config["languages"]>;

let names: Names = {};

/** Take the server's names, once a page: browsers ship them for little more than half of the languages people write. */
export function knowLanguages(given: Names): void {
  names = given;
  known = null;
}


export function nameOf(tag: string, language: string): string {
  const given = names[tag]?.[0];
  if (given) return given;
  try {
    return new Intl.DisplayNames([language], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

let known: { readonly tag: string; readonly name: string; readonly words: string }[] | null = null;

/** Languages whose name or tag begins like this, in the reader's language or in English. */
export function findLanguages(typed: string, language: string, most = 6): { readonly tag: string; readonly name: string }[] {
  const wanted = fold(typed);
  if (wanted === "") return [];
  known ??= Object.entries(names).map(([tag, [name, english]]) => ({ tag, name, words: ` ${fold(name)} ${fold(english)} ${fold(ownName(tag))}` }));
  const exact = known.filter((each) => fold(each.tag) === wanted);
  const begins = known.filter((each) => !exact.includes(each) && (each.words.includes(` ${wanted}`) || fold(each.tag).startsWith(wanted)));
  const own = exact.length === 0 ? canonical(typed) : null;
  const free =
    own && !begins.some((each) => each.tag === own) && own.length >= 2 && nameOf(own, language) !== own
      ? [{ tag: own, name: nameOf(own, language) }]
      : [];
  return [...exact, ...free, ...begins].slice(0, most);
}

/** What its own speakers call it, where the browser knows. */
function ownName(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? "";
  } catch {
    return "";
  }
}

/** The tag in its canonical form, or null when it is not one. */
export function canonical(typed: string): string | null {
  try {
    return Intl.getCanonicalLocales(typed.trim().replaceAll("_", "-"))[0] ?? null;
  } catch {
    return null;
  }
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** What picking a tag makes of an answer: with "mixed" on, tags are collected. */
export function pickTag(answer: LanguageAnswer | undefined, tag: string): LanguageAnswer {
  if (!answer?.mixed) return { tag };
  const mixed = answer.mixed.includes(tag) ? answer.mixed.filter((each) => each !== tag) : [...answer.mixed, tag];
  return { mixed };
}

/** Switch "mixed" on, keeping the tag that was picked, or off, keeping the first. */
export function switchMixed(answer: LanguageAnswer | undefined): LanguageAnswer | undefined {
  if (!answer?.mixed) return { mixed: answer?.tag ? [answer.tag] : [] };
  return answer.mixed[0] ? { tag: answer.mixed[0] } : undefined;
}
