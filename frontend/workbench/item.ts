// One item on the page: its displays behind their veil, its questions, and the document they change.

import { Activity } from "./activity.ts";
import { paths } from "./choices.ts";
import { show } from "./displays.ts";
import type { Shown } from "./displays.ts";
import { open, reduce, visibleQuestions } from "./document.ts";
import type { Act, Document } from "./document.ts";
import { bdi, h, uid } from "./dom.ts";
import type { Act as KeyAct } from "./keys.ts";
import { keyCap } from "./keys.ts";
import { canDraw, invisibleMarks, scriptsOf } from "./scripts.ts";
import type { Translate } from "./strings.ts";
import { Stand } from "./stand.ts";
import { suggestionWords } from "./suggestions.ts";
import type { Answers, Lease, Question, Schema } from "./types.ts";
import { lacks } from "./validity.ts";
import type { Lack } from "./validity.ts";
import type { Veil } from "./veil.ts";
import { veilOver } from "./veil.ts";
import { viewOf } from "./views/index.ts";
import type { Context, View } from "./views/view.ts";

export interface Given {
  readonly lease: Lease;
  readonly schema: Schema;
  readonly answers: Answers;
  readonly isCorrection: boolean;
  readonly activeBefore: number;
  /** Of a draft; else an item is opened when it is shown. */
  readonly openedAt: string | undefined;
  readonly reveals: readonly { at: string }[];
  readonly acts: readonly KeyAct[];
  readonly veilCap: string;
  readonly t: Translate;
  readonly language: string;
  readonly changed: (item: Item) => void;
  readonly say: (message: string) => void;
  readonly point: (value: string | null, name: string) => void;
  readonly revealed: (lease: string, at: string) => void;
}

const WHOLE: ReadonlySet<Question["kind"]> = new Set(["tree", "slider", "spans", "relations", "tokens", "errors", "pairwise", "ranking"]);

/** A label's name wherever it stands in a question, else its value. */
function nameIn(question: Question, value: string): string {
  const lists = [
    ...("labels" in question ? [question.labels] : []),
    ...("categories" in question ? [question.categories, question.severities] : []),
  ];
  return (
    lists
      .flatMap((labels) => paths(labels))
      .map((path) => path.at(-1))
      .find((label) => label?.value === value)?.name || value
  );
}

interface Block {
  readonly question: Question;
  readonly view: View;
  readonly element: HTMLElement;
  readonly problem: HTMLElement;
}

export class Item {
  readonly element: HTMLElement;
  readonly given: Given;
  readonly activity = new Activity();
  readonly veil: Veil;
  readonly #shown: Shown;
  readonly #blocks: Block[];
  readonly #stand: Stand | null;
  readonly #chosen = new Map<string, string>();
  #document: Document;
  #openedAt: string | undefined;
  #hasBegun = false;

  constructor(given: Given) {
    this.given = given;
    this.#openedAt = given.openedAt;
    const { lease, schema, t } = given;
    const { answers } = given;
    const isNew = !given.isCorrection && Object.keys(answers).length === 0;
    this.#document = open({ schema, content: lease.content, language: lease.language, answers, isNew });
    this.#shown = show(schema, lease.content, lease.language, { t, reader: given.language });
    this.veil = veilOver(this.#shown.element, {
      severity: lease.severity,
      t,
      cap: given.veilCap,
      note: (at) => given.revealed(lease.lease, at),
      reveals: given.reveals,
    });
    this.#blocks = schema.questions.map((question) => this.#block(question));
    this.element = h(
      "article",
      { class: this.#shown.element.childElementCount === 0 ? "item is-bare" : "item", tabindex: "-1", "aria-label": t("active_item") },
      this.veil.element,
      this.#line(),
      h("div", { class: "questions" }, ...this.#blocks.map((block) => block.element)),
    );
    // Set here and not by :has(), which would weigh a long text anew at every change.
    const isTop = this.#shown.element.querySelector(".is-selectable, .conversation, .parallel") !== null;
    this.veil.element.classList.toggle("is-top", isTop);
    this.#stand = isTop || this.#shown.element.childElementCount === 0 ? null : new Stand(this.#shown.element);
    this.#draw();
  }

  /** It is on the page: the clock runs, from the first time on. */
  begin(): void {
    if (this.#hasBegun) return this.activity.resume(performance.now());
    this.#hasBegun = true;
    this.#openedAt ??= new Date().toISOString();
    this.activity.start(performance.now(), this.given.activeBefore);
  }

  get openedAt(): string {
    return this.#openedAt ?? new Date().toISOString();
  }

  get document(): Document {
    return this.#document;
  }

  /** Where the guideline speaks of the question at hand. */
  get guideline(): string | null {
    return this.#document.schema.questions.find((question) => question.id === this.#document.active)?.guideline ?? null;
  }

  get isTouched(): boolean {
    return this.#document.past.length > 0 || this.#document.future.length > 0;
  }

  visible(): ReadonlySet<string> {
    return visibleQuestions(this.#document.schema, this.#document.answers);
  }

  dispatch(act: Act): void {
    const before = this.#document;
    this.#document = reduce(before, act);
    if (this.#document === before) return;
    this.#draw();
    if (this.#document.answers !== before.answers) {
      this.#tell([]);
      this.given.changed(this);
    }
  }

  /** An act by its key: "question:value". */
  press(act: KeyAct): void {
    this.activity.stir(performance.now());
    if (this.veil.isDown) {
      // judging unseen text is a slip
      this.given.say(this.given.t("look_first"));
      return;
    }
    this.#blocks.find((block) => block.question.id === act.question)?.view.press(act.value);
  }

  /** A key that is no command: the active question is asked first. */
  key(name: string): boolean {
    if (this.veil.isDown) return false;
    const visible = this.visible();
    const blocks = this.#blocks.filter((block) => visible.has(block.question.id));
    return [...blocks.filter((block) => block.question.id === this.#document.active), ...blocks].some(
      (block) => block.view.key?.(name) === true,
    );
  }

  /** Fold in what is half typed and say what is still missing; the first gap is brought into view. */
  finish(): readonly Lack[] {
    for (const block of this.#blocks) block.view.close?.();
    const found = lacks(this.#document);
    this.#tell(found);
    const first = this.#blocks.find((block) => block.question.id === found[0]?.question);
    first?.element.scrollIntoView({ block: "nearest" });
    return found;
  }

  /** What the server gets: looking and finding nothing is an answer too. */
  get answers(): Answers {
    const visible = this.visible();
    const nothing: Record<string, Answers[string]> = {};
    for (const question of this.#document.schema.questions) {
      if (!visible.has(question.id) || question.required === false) continue;
      if (question.kind === "spans" || question.kind === "relations") nothing[question.id] = [];
      if (question.kind === "choices" && question.min === 0) nothing[question.id] = [];
      if (question.kind === "errors" && !question.score) nothing[question.id] = { errors: [] };
    }
    return { ...nothing, ...this.#document.answers };
  }

  get showedSuggestion(): boolean {
    const visible = this.visible();
    return !this.given.isCorrection && Object.keys(this.given.lease.suggestions ?? {}).some((question) => visible.has(question));
  }

  /** How the sides stood, for every comparison. */
  get order(): Readonly<Record<string, readonly string[]>> {
    const pairs = this.#document.schema.questions.filter((question) => question.kind === "pairwise");
    return Object.fromEntries(pairs.map((question) => [question.id, this.given.lease.shuffle ? ["b", "a"] : ["a", "b"]]));
  }

  placed(): void {
    for (const text of this.#shown.texts.values()) text.draw();
    this.#stand?.settle(this.#blocks.map((block) => block.element));
    const active = this.#blocks.find((block) => block.question.id === this.#document.active);
    const isVeiled = this.veil.isDown;
    const marks = this.#blocks.find((block) => ["spans", "errors", "tokens"].includes(block.question.kind));
    if (!isVeiled && this.#isToBeWritten(active?.question) && !matchMedia("(pointer: coarse)").matches) active?.view.press(":focus");
    else if (!isVeiled && marks?.question.kind === "tokens")
      marks.element.querySelector<HTMLElement>("[tabindex='0']")?.focus({ preventScroll: true });
    else if (!isVeiled && marks) this.element.querySelector<HTMLElement>(".is-selectable [tabindex='0']")?.focus({ preventScroll: true });
    else this.focus();
  }

  /** Writing begins at once only where a text is asked for and none stands there: everywhere else keys are keys. */
  #isToBeWritten(question: Question | undefined): boolean {
    return question?.kind === "text" && question.required !== false && !(question.id in this.#document.answers);
  }

  /** Where keys scroll the text. */
  focus(): void {
    const home = this.veil.isDown || this.element.classList.contains("is-bare") ? this.element : this.#shown.element;
    home.focus({ preventScroll: true });
  }

  close(): void {
    for (const text of this.#shown.texts.values()) text.close();
    this.#stand?.close();
  }

  #block(question: Question): Block {
    const { t } = this.given;
    const id = uid("question");
    const view = viewOf(question, this.#context(question));
    const problem = h("p", { class: "error", role: "alert", hidden: true });
    const guideline = question.guideline ? h("a", { class: "guide-link", href: question.guideline, title: t("guideline") }, "§") : null;
    const element = h(
      "section",
      { class: `question is-${question.kind}`, "aria-labelledby": id },
      h(
        "div",
        { class: "prompt" },
        h(
          "h2",
          { id },
          bdi(question.prompt || question.id),
          question.required === false ? h("span", { class: "optional" }, ` ${t("optional")}`) : null,
          guideline,
        ),
        question.hint ? h("p", { class: "hint" }, bdi(question.hint)) : null,
        problem,
      ),
      h("div", { class: "answer" }, view.element, this.#suggested(question)),
    );
    for (const group of element.querySelectorAll("[role='radiogroup'], [role='group']:not([aria-label])"))
      group.setAttribute("aria-labelledby", id);
    element.addEventListener("focusin", () => {
      if (this.#document.active !== question.id) this.dispatch({ do: "activate", question: question.id });
    });
    return { question, view, element, problem };
  }

  /** Kinds that cannot show a suggestion on one of their options offer it whole. */
  #suggested(question: Question): HTMLElement | null {
    const suggestion = this.given.lease.suggestions?.[question.id];
    if (!suggestion || !WHOLE.has(question.kind)) return null;
    const certain =
      suggestion.confidence === undefined
        ? ""
        : ` (${new Intl.NumberFormat(this.given.language, { style: "percent" }).format(suggestion.confidence)})`;
    return h(
      "button",
      {
        type: "button",
        class: "button quiet use-suggestion",
        onclick: () => this.dispatch({ do: "answer", question: question.id, value: suggestion.value }),
      },
      this.given.t("use_suggestion") + certain,
      h("span", { class: "detail" }, bdi(suggestionWords(question, suggestion.value, { ...this.given, shuffled: this.given.lease.shuffle === true }))),
    );
  }

  #context(question: Question): Context {
    const { given } = this;
    const keys = new Map(given.acts.map((act) => [act.id, act.key]));
    return {
      t: given.t,
      language: given.language,
      textLanguage: given.lease.language,
      document: () => this.#document,
      answer: (id, value, burst) => this.dispatch({ do: "answer", question: id, value, ...(burst === undefined ? {} : { burst }) }),
      activate: (id) => this.dispatch({ do: "activate", question: id }),
      cap: (id, value) => keyCap(keys.get(`${id}:${value}`) ?? "", given.t("key_space")),
      texts: this.#shown.texts,
      suggestion: (id) => given.lease.suggestions?.[id],
      chosen: this.#chosen,
      shuffled: given.lease.shuffle === true,
      say: given.say,
      point: (value) => given.point(value, value === null ? "" : nameIn(question, value)),
    };
  }

  /** Severity and hazards in one neutral line, with what cannot be seen in the text itself. */
  #line(): HTMLElement {
    const { lease, t } = this.given;
    const texts = [...this.#shown.texts.values()];
    const hidden = texts.reduce((sum, text) => sum + invisibleMarks(text.text).length, 0);
    const missing = new Set(
      texts
        .flatMap((text) => scriptsOf(text.text.slice(0, 4000)))
        .filter(({ script, sample }) => !canDraw(script, sample))
        .map(({ script }) => script),
    );
    const parts = [
      lease.severity > 0 ? t("severity", { n: lease.severity }) : "",
      ...lease.hazards,
      hidden > 0 ? t("marks", { n: hidden }) : "",
      ...[...missing].map((script) => t("font_missing", { script })),
    ].filter((part) => part !== "");
    const isWide = this.#shown.element.classList.contains("is-wide");
    return h("p", { class: `item-line${isWide ? " is-wide" : ""}`, hidden: parts.length === 0 }, parts.join(" · "));
  }

  #draw(): void {
    const visible = this.visible();
    for (const block of this.#blocks) {
      block.element.hidden = !visible.has(block.question.id);
      block.element.classList.toggle("is-active", block.question.id === this.#document.active);
      if (!block.element.hidden) block.view.update(this.#document);
    }
  }

  #tell(found: readonly Lack[]): void {
    for (const block of this.#blocks) {
      const lack = found.find((each) => each.question === block.question.id);
      this.#mark(block, lack ? this.given.t(lack.name, lack.values) : "");
    }
  }

  #mark(block: Block, message: string): void {
    block.problem.hidden = message === "";
    block.problem.textContent = message;
    block.element.classList.toggle("has-problem", message !== "");
  }
}
