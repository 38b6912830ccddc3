// Which language a text is in: suggested tags, any other by name, several mixed, or none.

import type { Document } from "../document.ts";
import { same } from "../document.ts";
import { h, uid } from "../dom.ts";
import { canonical, findLanguages, nameOf, pickTag, switchMixed } from "../languages.ts";
import type { Language, LanguageAnswer } from "../types.ts";
import type { Option } from "./option.ts";
import { optionOf, suggestedText } from "./option.ts";
import type { Context, View } from "./view.ts";

export function languageView(question: Language, context: Context): View {
  const { t } = context;
  const group = uid("language");
  const current = (): LanguageAnswer | undefined => context.document().answers[question.id] as LanguageAnswer | undefined;
  const give = (answer: LanguageAnswer | undefined): void => context.answer(question.id, answer);
  const options = new Map<string, Option>();
  const list = h("div", { class: "options", role: "group" });
  const suggestion = context.suggestion(question.id);
  const suggested = (suggestion?.value as LanguageAnswer | undefined)?.tag;

  const addTag = (tag: string): void => {
    if (options.has(tag)) return;
    const name = nameOf(tag, context.language);
    const act = tag === suggested && !question.tags.includes(tag) ? ":suggested" : tag;
    const option = optionOf({ context, question: question.id, value: act, name, ...(name === tag ? {} : { detail: tag }), type: "radio", group, pick: () => give(pickTag(current(), tag)) });
    if (tag === suggested) option.suggest(suggestedText(context, suggestion?.confidence));
    options.set(tag, option);
    list.insertBefore(option.element, extras[0]?.element ?? null);
  };
  const extra = (value: string, name: string, pick: () => void): Option => optionOf({ context, question: question.id, value, name, type: "checkbox", group: `${group}${value}`, pick });
  const mixed = question.allow?.includes("mixed") ? extra(":mixed", t("language_mixed"), () => give(switchMixed(current()))) : null;
  const none = question.allow?.includes("none") ? extra(":none", t("language_none"), () => give(current()?.none ? undefined : { none: true })) : null;
  const extras = [mixed, none].filter((each) => each !== null);
  list.append(...extras.map((each) => each.element));
  for (const tag of question.tags) addTag(tag);
  if (suggested) addTag(suggested);
  const other = picker(question, context, (tag) => { addTag(tag); give(pickTag(current(), tag)); });

  return {
    element: h("div", { class: "language" }, list, other.element),
    press: (value) => {
      if (value === ":focus") other.focus();
      else if (value === ":suggested") { if (suggested) give(pickTag(current(), suggested)); }
      else if (value === ":mixed") give(switchMixed(current()));
      else if (value === ":none") give(current()?.none ? undefined : { none: true });
      else give(pickTag(current(), value));
    },
    update: (doc: Document) => {
      const answer = doc.answers[question.id] as LanguageAnswer | undefined;
      for (const tag of [...(answer?.mixed ?? []), ...(answer?.tag ? [answer.tag] : [])]) addTag(tag);
      for (const [tag, option] of options) {
        option.input.type = answer?.mixed ? "checkbox" : "radio";
        option.set(answer?.mixed ? answer.mixed.includes(tag) : same(answer, { tag }));
      }
      mixed?.set(answer?.mixed !== undefined);
      none?.set(answer?.none === true);
    },
    close: () => {
      const answer = current();
      const only = answer?.mixed;
      if (only && only.length < 2) give(only[0] ? { tag: only[0] } : undefined); // one language is not a mixture
    },
  };
}

function picker(question: Language, context: Context, pick: (tag: string) => void): { element: HTMLElement; focus: () => void } {
  const { t } = context;
  const listId = uid("languages");
  const found = h("ul", { class: "picker-list", id: listId, role: "listbox", hidden: true, "aria-label": t("language_other") });
  const cap = context.cap(question.id, ":focus");
  const input = h("input", {
    type: "search", placeholder: `${t("language_other")}…`, "aria-label": t("language_other"), role: "combobox", "aria-expanded": "false", "aria-controls": listId, autocomplete: "off",
  });
  let at = 0;
  let tags: { tag: string; name: string }[] = [];
  const show = (): void => {
    tags = findLanguages(input.value, context.language);
    at = 0;
    paintList();
  };
  const paintList = (): void => {
    found.hidden = tags.length === 0;
    input.setAttribute("aria-expanded", String(tags.length > 0));
    found.replaceChildren(...tags.map((each, index) => h("li", {
      role: "option", id: `${listId}-${index}`, "aria-selected": String(index === at), onpointerdown: (event: Event) => { event.preventDefault(); choose(each.tag); },
    }, each.name, " ", h("span", { class: "detail" }, each.tag))));
    if (tags.length > 0) input.setAttribute("aria-activedescendant", `${listId}-${at}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const choose = (tag: string): void => {
    input.value = "";
    tags = [];
    paintList();
    input.blur();
    pick(tag);
  };
  input.addEventListener("input", show);
  input.addEventListener("blur", () => { tags = []; paintList(); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : tags.length - 1)) % Math.max(1, tags.length);
      paintList();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const tag = tags[at]?.tag ?? (input.value === "" ? null : canonical(input.value));
      if (tag) choose(tag);
      else if (input.value !== "") context.say(t("language_bad"));
    }
  });
  return { element: h("div", { class: "picker" }, cap !== "" && h("kbd", { "aria-hidden": "true" }, cap), input, found), focus: () => input.focus() };
}
