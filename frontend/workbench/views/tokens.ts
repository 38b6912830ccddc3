// A label for every token, painted by dragging or by key: the code-switching grid.

import type { Document } from "../document.ts";
import { h, uid } from "../dom.ts";
import { paint } from "../marks.ts";
import { offsetsOf, wordsOf } from "../offsets.ts";
import type { Offsets, Word } from "../offsets.ts";
import { directionAt } from "../scripts.ts";
import type { Token, Tokens } from "../types.ts";
import { colourOf, labelName, paletteOf } from "./palette.ts";
import type { Palette } from "./palette.ts";
import type { Context, View } from "./view.ts";

class TokensView implements View {
  readonly element: HTMLElement;
  readonly #question: Tokens;
  readonly #context: Context;
  readonly #text: string;
  readonly #offsets: Offsets;
  readonly #words: readonly Word[];
  readonly #cells: HTMLElement[];
  readonly #grid: HTMLElement;
  readonly #palette: Palette;
  readonly #left = h("p", { class: "hint" });
  #anchor = 0;
  #head = 0;
  #dragging = false;
  /** The label that a drag paints; null to select only. */
  #brush: string | null = null;
  #drawn = new Map<number, string>();

  constructor(question: Tokens, context: Context) {
    this.#question = question;
    this.#context = context;
    const { t } = context;
    const value = context.document().content[question.field];
    this.#text = typeof value === "string" ? value : "";
    this.#offsets = offsetsOf(this.#text);
    this.#words = wordsOf(this.#text, context.textLanguage);
    const prefix = uid("token");
    this.#cells = this.#words.map((word, index) =>
      h(
        "span",
        { class: "token", role: "option", id: `${prefix}-${index}`, "aria-selected": "false", "data-index": index },
        h("span", { class: "token-text" }, this.#text.slice(word.start, word.end)),
        h("span", { class: "token-label" }),
      ),
    );
    this.#grid = h("div", {
      class: "token-grid text",
      tabindex: "0",
      role: "listbox",
      "aria-multiselectable": "true",
      "aria-label": question.prompt,
      lang: context.textLanguage === "und" ? "" : context.textLanguage,
      dir: "auto",
    });
    this.#fillGrid();
    this.#palette = paletteOf(context, {
      question: question.id,
      labels: question.labels,
      name: question.prompt,
      pick: (label) => this.#brushOrPaint(label),
    });
    const act = (value: string, name: string): HTMLElement =>
      h(
        "button",
        { type: "button", class: "button quiet", onclick: () => this.press(value) },
        h("kbd", { "aria-hidden": "true" }, context.cap(question.id, value)),
        name,
      );
    this.element = h(
      "div",
      { class: "tokens" },
      this.#grid,
      this.#palette.element,
      h("div", { class: "row" }, act(":clear", t("token_clear")), act(":next", t("token_next_empty")), this.#left),
    );
    this.#listen();
  }

  get #painted(): readonly Token[] {
    return (this.#context.document().answers[this.#question.id] ?? []) as readonly Token[];
  }

  press(value: string): void {
    if (value === ":next") return this.#toEmpty();
    if (value !== ":clear") this.#context.point(value);
    this.#paint(value === ":clear" ? null : value);
  }

  key(name: string): boolean {
    if (name !== "Delete" && name !== "Backspace") return false;
    this.#paint(null);
    return true;
  }

  update(doc: Document): void {
    const painted = (doc.answers[this.#question.id] ?? []) as readonly Token[];
    const now = new Map(painted.map((token) => [token.start, token.label]));
    for (const [index, cell] of this.#cells.entries()) {
      const start = this.#offsets.toPoint(this.#words[index]?.start ?? 0);
      const label = now.get(start);
      if (this.#drawn.get(start) === label && this.#drawn.size > 0) continue;
      this.#drawCell(cell, label);
    }
    this.#drawn = now;
    const left = this.#cells.length - now.size;
    this.#left.textContent = left > 0 ? this.#context.t("token_left", { n: left }) : this.#context.t("tokens_hint");
    this.#drawSelection();
  }

  #drawCell(cell: HTMLElement, label: string | undefined): void {
    cell.className = label === undefined ? "token" : `token is-painted label-${((colourOf(this.#question.labels, label) - 1) % 8) + 1}`;
    if (cell.lastElementChild) cell.lastElementChild.textContent = label === undefined ? "" : labelName(this.#question.labels, label);
  }

  /** A line for each line of the text, in its own direction; between cells stand the spaces that stood between the words. */
  #fillGrid(): void {
    let last = 0;
    let line: HTMLElement | null = null;
    for (const [index, word] of this.#words.entries()) {
      const between = this.#text.slice(last, word.start);
      if (line === null || between.includes("\n"))
        this.#grid.append((line = h("div", { class: "token-line", role: "presentation", dir: directionAt(this.#text, word.start) })));
      else if (between !== "") line.append(" ");
      line.append(this.#cells[index] ?? "");
      last = word.end;
    }
  }

  #listen(): void {
    this.#grid.addEventListener("keydown", (event) => this.#key(event));
    this.#grid.addEventListener("pointerdown", (event) => {
      const index = indexOf(event.target);
      if (index === null) return;
      this.#anchor = event.shiftKey ? this.#anchor : index;
      this.#head = index;
      this.#dragging = true;
      this.#drawSelection();
    });
    this.#grid.addEventListener("pointermove", (event) => {
      if (!this.#dragging) return;
      const index = indexOf(document.elementFromPoint(event.clientX, event.clientY));
      if (index === null || index === this.#head) return;
      this.#head = index;
      this.#drawSelection();
    });
    for (const name of ["pointerup", "pointercancel"]) {
      this.#grid.addEventListener(name, () => {
        if (this.#dragging && this.#brush !== null) this.#paint(this.#brush);
        this.#dragging = false;
      });
    }
  }

  /** By mouse a label first paints what is selected, then stays in the hand. */
  #brushOrPaint(label: string): void {
    if (this.#brush === label) this.#brush = null;
    else {
      this.#brush = label;
      if (this.#anchor !== this.#head) this.#paint(label);
    }
    this.#palette.set(this.#brush);
    this.#grid.classList.toggle("has-brush", this.#brush !== null);
  }

  #paint(label: string | null): void {
    const [from, to] = [Math.min(this.#anchor, this.#head), Math.max(this.#anchor, this.#head)];
    const tokens = this.#words
      .slice(from, to + 1)
      .map((word) => ({ start: this.#offsets.toPoint(word.start), end: this.#offsets.toPoint(word.end) }));
    const painted = paint(this.#painted, tokens, label);
    if (label !== null && !this.#dragging) this.#anchor = this.#head = Math.min(to + 1, this.#words.length - 1);
    this.#context.answer(this.#question.id, painted.length > 0 ? painted : undefined);
    this.#drawSelection();
  }

  #toEmpty(): void {
    const has = new Set(this.#painted.map((token) => token.start));
    const empty = (index: number): boolean => !has.has(this.#offsets.toPoint(this.#words[index]?.start ?? 0));
    const order = [...this.#words.keys()];
    const next = [...order.slice(this.#head + 1), ...order.slice(0, this.#head + 1)].find(empty);
    if (next !== undefined) this.#anchor = this.#head = next;
    this.#drawSelection();
    this.#grid.focus({ preventScroll: true });
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = this.#moved(event.key);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#head = Math.max(0, Math.min(this.#words.length - 1, next));
    if (!event.shiftKey) this.#anchor = this.#head;
    this.#drawSelection();
  }

  #moved(key: string): number | null {
    const forward = directionAt(this.#text, this.#words[this.#head]?.start ?? 0) === "rtl" ? "ArrowLeft" : "ArrowRight";
    switch (key) {
      case "ArrowLeft":
      case "ArrowRight":
        return this.#head + (key === forward ? 1 : -1);
      case "ArrowUp":
        return this.#onLine(-1);
      case "ArrowDown":
        return this.#onLine(1);
      case "Home":
        return 0;
      case "End":
        return this.#words.length - 1;
      default:
        return null;
    }
  }

  /** The cell above or below, nearest to the middle of this one. */
  #onLine(step: 1 | -1): number {
    const here = this.#cells[this.#head]?.getBoundingClientRect();
    if (!here) return this.#head;
    const middle = here.left + here.width / 2;
    let best = this.#head;
    let line: number | null = null;
    let distance = Infinity;
    for (let index = this.#head + step; index >= 0 && index < this.#cells.length; index += step) {
      const box = this.#cells[index]?.getBoundingClientRect();
      if (!box || Math.abs(box.top - here.top) < 2) continue;
      line ??= box.top;
      if (Math.abs(box.top - line) > 2) break;
      const away = Math.abs(box.left + box.width / 2 - middle);
      if (away < distance) [best, distance] = [index, away];
    }
    return best;
  }

  #drawSelection(): void {
    const [from, to] = [Math.min(this.#anchor, this.#head), Math.max(this.#anchor, this.#head)];
    for (const cell of this.#grid.querySelectorAll(".is-selected")) cell.setAttribute("aria-selected", "false");
    for (const cell of this.#grid.querySelectorAll(".is-selected")) cell.classList.remove("is-selected");
    for (const cell of this.#cells.slice(from, to + 1)) {
      cell.classList.add("is-selected");
      cell.setAttribute("aria-selected", "true");
    }
    const head = this.#cells[this.#head];
    if (!head) return;
    this.#grid.setAttribute("aria-activedescendant", head.id);
    if (document.activeElement === this.#grid) head.scrollIntoView({ block: "nearest" });
  }
}

function indexOf(target: EventTarget | null): number | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>(".token") : null;
  return cell ? Number(cell.dataset["index"]) : null;
}

export function tokensView(question: Tokens, context: Context): View {
  return new TokensView(question, context);
}
