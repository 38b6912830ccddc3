// Lays out what is judged: texts, text beside its translation, conversations, facts, Markdown and media.

import { bdi, h } from "./dom.ts";
import { nameOf } from "./languages.ts";
import { markdown } from "./markdown.ts";
import type { Translate } from "./strings.ts";
import { TextView } from "./text.ts";
import type { Content, Display, Question, Schema } from "./types.ts";

export interface Shown {
  readonly element: HTMLElement;
  /** By field. */
  readonly texts: Map<string, TextView>;
}

/** Fields that a question shows itself. */
function ownFields(question: Question): readonly string[] {
  if (question.kind === "tokens") return [question.field];
  if (question.kind === "pairwise") return [question.a, question.b];
  return question.kind === "ranking" ? (question.fields ?? []) : [];
}

interface Place {
  readonly content: Content;
  readonly language: string;
  readonly t: Translate;
  /** The reader's language, for the names of the texts'. */
  readonly reader: string;
  readonly texts: Map<string, TextView>;
  /** The languages of the two sides, where the schema says them. */
  readonly declared?: Readonly<Record<"source" | "target", string | undefined>>;
}

/** The displays of an item, and the fields that questions mark or compare without a display of their own. */
export function show(schema: Schema, content: Content, language: string, given: { t: Translate; reader: string }): Shown {
  const { t } = given;
  const place: Place = { content, language, ...given, texts: new Map() };
  const placed = new Set(schema.questions.flatMap(ownFields));
  const elements = schema.displays
    .filter((display) => !(display.kind === "text" && placed.has(display.field)))
    .map((display) => displayOf(display, place));
  for (const question of schema.questions) {
    if (question.kind === "spans" && !place.texts.has(question.field)) elements.push(textOf(question.field, place));
    if (question.kind === "errors" && !(place.texts.has(question.source) && place.texts.has(question.target)))
      elements.push(parallelOf(question.source, question.target, place));
  }
  const isWide = elements.some((element) => element.matches(".parallel, .media"));
  return {
    element: h(
      "div",
      { class: `displays${isWide ? " is-wide" : ""}`, tabindex: "0", role: "region", "aria-label": t("text_region") },
      ...elements,
    ),
    texts: place.texts,
  };
}

function displayOf(display: Display, place: Place): HTMLElement {
  switch (display.kind) {
    case "text":
      return textOf(display.field, place, display.name);
    case "parallel":
      for (const { field, language } of [display.source, display.target]) if (language) textOf(field, { ...place, language }); // its own, not the item's
      return parallelOf(display.source.field, display.target.field, {
        ...place,
        declared: { source: display.source.language, target: display.target.language },
      });
    case "conversation":
      return conversationOf(place.content[display.field], place);
    case "facts":
      return factsOf(place.content[display.field], place);
    case "markdown":
      return h("div", { class: "text markdown", lang: place.language, dir: "auto" }, ...markdown(words(place.content[display.field])));
    case "image":
    case "audio":
    case "video":
      return mediaOf(display.kind, words(place.content[display.field]), place);
  }
}

function words(value: unknown): string {
  return typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
}

/** A field's language: its own (`<field>_language`) where the content says so, else the item's. */
function languageOf(field: string, place: Place): string {
  const own = place.content[`${field}_language`];
  return typeof own === "string" ? own : place.language;
}

function textOf(field: string, place: Place, name = ""): HTMLElement {
  const known = place.texts.get(field);
  if (known) return known.element;
  const view = new TextView(field, words(place.content[field]), languageOf(field, place), name || field);
  place.texts.set(field, view);
  return name === "" ? view.element : h("section", { class: "pane" }, h("h2", { class: "pane-name" }, name), view.element);
}

function parallelOf(source: string, target: string, place: Place): HTMLElement {
  return h(
    "div",
    { class: "parallel" },
    paneOf("source", source, place),
    paneOf("target", target, place),
  );
}

/** A side whose language is known says it; the item's language is that of one side at most. Its direction follows its own text. */
function paneOf(side: "source" | "target", field: string, place: Place): HTMLElement {
  const own = place.content[`${field}_language`];
  const text = textOf(field, typeof own === "string" || side === "target" ? place : { ...place, language: "und" });
  const language = typeof own === "string" ? own : place.declared?.[side];
  const named = language ? h("bdi", {}, ` · ${nameOf(language, place.reader)}`) : null;
  return h("section", { class: "pane" }, h("h2", { class: "pane-name" }, place.t(side), named), text);
}

function conversationOf(value: unknown, { language, t }: Place): HTMLElement {
  const turns = (Array.isArray(value) ? value : []) as { role?: string; text?: string }[];
  const roles: Readonly<Record<string, string>> = { user: t("role_user"), assistant: t("role_assistant"), system: t("role_system") };
  return h(
    "ol",
    { class: "conversation" },
    ...turns.map((turn) =>
      h(
        "li",
        { class: `turn ${turn.role === "assistant" ? "is-reply" : ""}` },
        h("span", { class: "turn-role" }, roles[turn.role ?? ""] ?? turn.role ?? ""),
        h("div", { class: "text", lang: language, dir: "auto" }, turn.text ?? ""),
      ),
    ),
  );
}

function factsOf(value: unknown, { language }: Place): HTMLElement {
  const facts = typeof value === "object" && value !== null ? Object.entries(value) : [["", words(value)]];
  return h(
    "dl",
    { class: "facts" },
    ...facts.flatMap(([name, fact]) => [h("dt", {}, bdi(String(name))), h("dd", {}, bdi(words(fact), language))]),
  );
}

/** Nothing is fetched before the veil is lifted, nothing plays by itself, and sound is off. */
function mediaOf(kind: "image" | "audio" | "video", address: string, { t }: Place): HTMLElement {
  const holder = h("figure", { class: "media is-media" });
  const failed = (): void => holder.append(h("p", { class: "error" }, t("media_failed")));
  holder.addEventListener("reveal", () => {
    if (holder.childElementCount > 0) return;
    const element =
      kind === "image"
        ? h("img", { src: address, alt: "", class: "grey" })
        : h(kind, { src: address, controls: true, preload: "metadata", class: "grey" });
    if (element instanceof HTMLMediaElement) element.muted = true;
    element.addEventListener("error", failed, { once: true });
    holder.append(element);
  });
  holder.addEventListener("veil", () => {
    for (const media of holder.querySelectorAll<HTMLMediaElement>("audio, video")) media.pause();
  });
  return holder;
}
