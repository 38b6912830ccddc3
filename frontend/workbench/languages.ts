// Languages a person can pick by name: those written online, besides the ones a question suggests.

import type { LanguageAnswer } from "./types.ts";

const TAGS =
  "ab ace af ak am an ar arz apc ary aeb acm ars as ast av ay az ba bal ban bbc be bem ber bew bg bho bik bjn bm bn bo br bs btk bug ca ce ceb cgg chr ckb co crh cs csb cv cy da de din dv dz ee el en eo es et eu ewe fa ff fi fil fj fo fr fur fy ga gd gl gn gom gor gsw gu gv ha haw he hi hil hmn hr hsb ht hu hy iba id ig ilo inc io is it iu ja jv ka kab kac kbp kg ki kk kl km kn ko kok kr ks ku kw ky la lb lg li lij lmo ln lo lt ltg luo lus lv mad mag mai mak mdf mfe mg mi min mk ml mn mni mos mr ms mt my mzn nan ne new nl nn no nb nso nus nv ny oc om or os pa pag pam pap pcm pl ps pt qu rm rn ro ru rw sa sah sat sc scn sd se sg shi shn si sk sl sm sn so sq sr ss st su sv sw szl ta te tet tg th ti tk tl tn to tpi tr ts tt tw ty tyv udm ug uk umb ur uz vec vi war wo wuu xh yi yo yue za zgh zh zh-Hans zh-Hant zu pt-BR en-IN en-SG en-NG";

export function nameOf(tag: string, language: string): string {
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
  known ??= TAGS.split(" ").map((tag) => {
    const name = nameOf(tag, language);
    return { tag, name, words: ` ${fold(name)} ${fold(nameOf(tag, "en"))} ${fold(nameOf(tag, tag))}` };
  });
  const exact = known.filter((each) => fold(each.tag) === wanted);
  const begins = known.filter((each) => !exact.includes(each) && (each.words.includes(` ${wanted}`) || fold(each.tag).startsWith(wanted)));
  const own = exact.length === 0 ? canonical(typed) : null;
  const free =
    own && !begins.some((each) => each.tag === own) && own.length >= 2 && nameOf(own, language) !== own
      ? [{ tag: own, name: nameOf(own, language) }]
      : [];
  return [...exact, ...free, ...begins].slice(0, most);
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
