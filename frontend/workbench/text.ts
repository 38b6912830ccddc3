// One text on the page: its text nodes with their offsets, a caret for the keyboard, and marks painted over it.

import { h } from "./dom.ts";
import type { Offsets, Word } from "./offsets.ts";
import {
  firstEndingAfter,
  firstStartingAt,
  nextGrapheme,
  offsetsOf,
  previousGrapheme,
  snapToGraphemes,
  snapToWords,
  wordsOf,
} from "./offsets.ts";
import type { Stroke } from "./paint.ts";
import { paintStrokes, strokeName } from "./paint.ts";
import { Pieces } from "./pieces.ts";
import { directionAt, invisibleMarks } from "./scripts.ts";

export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly colour: number;
  readonly depth: number;
  readonly name: string;
  readonly selected: boolean;
}

/** Code points. */
export interface Selected {
  readonly start: number;
  readonly end: number;
}

interface Units {
  readonly anchor: number;
  readonly head: number;
}

const AROUND = 4000;
const MOST_TAGS = 400;

export class TextView {
  readonly element: HTMLElement;
  readonly field: string;
  readonly text: string;
  readonly offsets: Offsets;
  /** Called when the reader presses a place without selecting, or moves the caret there. */
  readonly onpress: ((point: number) => void)[] = [];
  snap: "grapheme" | "token" = "grapheme";
  readonly #body: HTMLElement;
  readonly #pieces: Pieces;
  readonly #over: HTMLElement;
  readonly language: string;
  readonly #owners = new Map<object, readonly Mark[]>();
  readonly #caretStrokes = {};
  #caret: Units = { anchor: 0, head: 0 };
  #hidden: ReturnType<typeof invisibleMarks> | null = null;
  #words: Word[] | null = null;
  #settling: ReturnType<typeof setTimeout> | null = null;
  #drawing = 0;
  /** The part in view, until something moves: finding it costs more than all the rest. */
  #seen: [number, number] | null = null;
  /** Code points between which marks are painted: each painted one costs every line of the text a look. */
  #near: [number, number] = [0, 2 * AROUND];
  readonly #laid = new Map<string, HTMLElement>();
  readonly #closing = new AbortController();

  constructor(field: string, text: string, language: string, label: string) {
    this.field = field;
    this.text = text;
    this.offsets = offsetsOf(text);
    this.language = language;
    this.#pieces = new Pieces(text);
    this.#body = h("div", { class: "text", lang: language === "und" ? "" : language, dir: "auto", "aria-label": label }, ...this.#pieces.content);
    this.#over = h("div", { class: "over", "aria-hidden": "true" });
    this.element = h("div", { class: "text-holder" }, this.#body, this.#over);
  }

  /** Let the reader select by pointer and by keys. */
  makeSelectable(snap: "grapheme" | "token"): void {
    this.snap = snap;
    if (this.element.classList.contains("is-selectable")) return;
    this.element.classList.add("is-selectable");
    for (const [name, value] of Object.entries({ tabindex: "0", role: "textbox", "aria-readonly": "true", "aria-multiline": "true" }))
      this.#body.setAttribute(name, value);
    this.#body.addEventListener("keydown", (event) => this.#key(event));
    this.#body.addEventListener("blur", () => this.#showCaret(false));
    this.#body.addEventListener("focus", () => {
      if (this.#body.matches(":focus-visible")) this.#showCaret(true);
    });
    this.#body.addEventListener("pointerup", () => {
      this.#settling = setTimeout(() => this.#settle());
    }); // the browser changes the selection after this event
    const moved = (): void => {
      this.#seen = null;
      this.#schedule();
    };
    new ResizeObserver(() => {
      this.#forget();
      moved();
    }).observe(this.#body);
    document.addEventListener("scroll", moved, { passive: true, capture: true, signal: this.#closing.signal });
  }

  focus(): void {
    this.#body.focus({ preventScroll: true });
  }

  get words(): readonly Word[] {
    this.#words ??= wordsOf(this.text, this.language);
    return this.#words;
  }

  get selected(): Selected | null {
    this.#settleNow();
    if (this.#caret.anchor === this.#caret.head) return null;
    const { start, end } = this.#snapped(
      ...this.#trimmed(Math.min(this.#caret.anchor, this.#caret.head), Math.max(this.#caret.anchor, this.#caret.head)),
    );
    return start === end ? null : { start: this.offsets.toPoint(start), end: this.offsets.toPoint(end) };
  }

  /** Forget the selection, keep the caret. */
  clear(): void {
    this.#caret = { anchor: this.#caret.head, head: this.#caret.head };
    const selection = getSelection();
    if (!selection || this.#pieces.unitOf(selection.anchorNode, 0) === null) return;
    const { node, offset } = this.#pieces.at(this.#caret.head);
    selection.collapse(node, offset);
  }

  slice(start: number, end: number): string {
    return this.text.slice(this.offsets.toUnit(start), this.offsets.toUnit(end));
  }

  rangeOf(start: number, end: number): Range {
    return this.#pieces.range(this.offsets.toUnit(start), this.offsets.toUnit(end));
  }

  scrollTo(start: number, end: number): void {
    const place = this.element.closest(".displays");
    const box = this.rangeOf(start, end).getBoundingClientRect();
    const room = place?.getBoundingClientRect();
    if (room && (box.top < room.top + 20 || box.bottom > room.bottom - 20)) place?.scrollBy({ top: box.top - room.top - room.height / 3 });
  }

  /** Show these marks of an owner and no others of it. */
  mark(owner: object, marks: readonly Mark[]): void {
    this.#owners.set(owner, marks);
    this.#paint(owner, marks);
    this.#schedule();
  }

  /** The text leaves the page. */
  close(): void {
    this.#closing.abort();
    for (const owner of this.#owners.keys()) paintStrokes(owner, []);
    paintStrokes(this.#caretStrokes, []);
    this.#owners.clear();
  }

  /** Names beside marks and invisible characters are laid over the text once it has a place on the page. */
  draw(): void {
    this.#schedule();
  }

  #paint(owner: object, marks: readonly Mark[]): void {
    const near = marks.filter((mark) => mark.end >= this.#near[0] && mark.start <= this.#near[1]);
    const strokes: Stroke[] = near.map((mark) => this.#stroke(mark.start, mark.end, strokeName(mark.colour, mark.depth)));
    const chosen = near.find((mark) => mark.selected);
    if (chosen) strokes.push(this.#stroke(chosen.start, chosen.end, "selected"));
    paintStrokes(owner, strokes);
  }

  /** After a scroll: what is near the view is painted before it comes into it. */
  #follow(first: number, last: number): void {
    if (first - AROUND / 2 >= this.#near[0] && last + AROUND / 2 <= this.#near[1]) return;
    this.#near = [first - AROUND, last + AROUND];
    for (const [owner, marks] of this.#owners) this.#paint(owner, marks);
  }

  /** The lines have broken anew: nothing lies where it lay. */
  #forget(): void {
    for (const element of this.#laid.values()) element.remove();
    this.#laid.clear();
  }

  #stroke(start: number, end: number, name: string): Stroke {
    return { key: `${start}-${end}-${name}`, name, range: () => this.#still(start, end) };
  }

  #still(start: number, end: number): AbstractRange {
    return this.#pieces.still(this.offsets.toUnit(start), this.offsets.toUnit(end));
  }

  #snapped(start: number, end: number): { start: number; end: number } {
    return this.snap === "token" ? snapToWords(this.text, this.words, start, end) : snapToGraphemes(this.text, start, end);
  }

  /** A key that comes right after the pointer must find what the pointer meant. */
  #settleNow(): void {
    if (this.#settling !== null) this.#settle();
  }

  /** After the pointer: snap what is selected, or tell where it was pressed. */
  #settle(): void {
    clearTimeout(this.#settling ?? undefined);
    this.#settling = null;
    const selection = getSelection();
    const anchor = selection && this.#pieces.unitOf(selection.anchorNode, selection.anchorOffset);
    const focus = selection && this.#pieces.unitOf(selection.focusNode, selection.focusOffset);
    if (anchor === null || focus === null) return;
    const [from, to] = [Math.min(anchor, focus), Math.max(anchor, focus)];
    if (from === to) {
      this.#caret = { anchor: from, head: from };
      this.#pressed(from);
      return;
    }
    const { start, end } = this.#snapped(...this.#trimmed(from, to));
    this.#caret = { anchor: start, head: end };
    this.#select(start, end);
  }

  #select(anchor: number, head: number): void {
    const [from, to] = [this.#pieces.at(anchor), this.#pieces.at(head)];
    getSelection()?.setBaseAndExtent(from.node, from.offset, to.node, to.offset);
  }

  #pressed(unit: number): void {
    for (const tell of this.onpress) tell(this.offsets.toPoint(unit));
  }

  /** Spaces at the edges of a selection are not meant. */
  #trimmed(start: number, end: number): [number, number] {
    const piece = this.text.slice(start, end);
    const bare = piece.trim();
    if (bare === "") return [start, end];
    const from = start + piece.indexOf(bare);
    return [from, from + bare.length];
  }

  #key(event: KeyboardEvent): void {
    this.#settleNow();
    if (event.isComposing || event.altKey || event.metaKey) return;
    const head = this.#moved(event);
    if (head === null) return;
    event.preventDefault();
    event.stopPropagation();
    const anchor = event.shiftKey ? this.#caret.anchor : head;
    this.#caret = { anchor, head };
    this.#select(anchor, head);
    this.#showCaret(true);
    if (!event.shiftKey) this.#pressed(head);
  }

  #moved(event: KeyboardEvent): number | null {
    const head = this.#caret.head;
    const forward = directionAt(this.text, head) === "rtl" ? "ArrowLeft" : "ArrowRight";
    const byWord = this.snap === "token" || event.ctrlKey;
    switch (event.key) {
      case "ArrowLeft":
      case "ArrowRight":
        return event.key === forward ? this.#after(head, byWord) : this.#before(head, byWord);
      case "ArrowUp":
        return this.#onLine(head, -1);
      case "ArrowDown":
        return this.#onLine(head, 1);
      case "Home":
        return this.text.lastIndexOf("\n", head - 1) + 1;
      case "End":
        return this.text.indexOf("\n", head) === -1 ? this.text.length : this.text.indexOf("\n", head);
      default:
        return null;
    }
  }

  #after(unit: number, byWord: boolean): number {
    if (!byWord) return nextGrapheme(this.text, unit);
    const word = this.words[firstEndingAfter(this.words, unit)];
    return word ? word.end : this.text.length;
  }

  #before(unit: number, byWord: boolean): number {
    if (!byWord) return previousGrapheme(this.text, unit);
    return this.words[firstStartingAt(this.words, unit) - 1]?.start ?? 0;
  }

  #onLine(unit: number, step: -1 | 1): number {
    const box = this.#box(unit);
    if (!box) return unit;
    const probe = caretAt(box.left + 1, step < 0 ? box.top - box.height / 2 : box.bottom + box.height / 2);
    const found = probe && this.#pieces.unitOf(probe.node, probe.offset);
    return found === null ? unit : snapToGraphemes(this.text, found, found).start;
  }

  #box(unit: number): DOMRect | undefined {
    return this.#pieces.range(unit, Math.min(this.text.length, nextGrapheme(this.text, unit))).getClientRects()[0];
  }

  #showCaret(on: boolean): void {
    const head = this.#caret.head;
    const end = nextGrapheme(this.text, head);
    const shown = on && this.#caret.anchor === this.#caret.head && end > head;
    paintStrokes(this.#caretStrokes, shown ? [this.#stroke(this.offsets.toPoint(head), this.offsets.toPoint(end), "caret")] : []);
    if (on) this.scrollTo(this.offsets.toPoint(head), this.offsets.toPoint(end));
  }

  #schedule(): void {
    if (this.#drawing !== 0) return;
    this.#drawing = requestAnimationFrame(() => {
      this.#drawing = 0;
      if (this.element.isConnected) this.#draw();
    });
  }

  /** Only what is in view gets a name: a long text has thousands of marks. */
  #draw(): void {
    const home = this.element.getBoundingClientRect();
    this.#seen ??= this.#inView(home);
    const [from, to] = this.#seen;
    const [first, last] = [this.offsets.toPoint(from), this.offsets.toPoint(to)];
    this.#follow(first, last);
    const wanted = new Map<string, () => HTMLElement | null>();
    for (const mark of [...this.#owners.values()].flat()) {
      if (mark.name === "" || mark.end <= first || mark.start >= last || wanted.size >= MOST_TAGS) continue;
      wanted.set(`${mark.start}-${mark.end}-${mark.colour}-${mark.depth}-${mark.selected}-${mark.name}`, () => this.#tag(mark, home));
    }
    this.#hidden ??= invisibleMarks(this.text);
    for (const mark of this.#hidden)
      if (mark.unit >= from && mark.unit <= to) wanted.set(`sign-${mark.unit}`, () => this.#sign(mark.unit, mark.length, mark.name, home));
    this.#lay(wanted);
  }

  /** What lies there already stays: each measured place costs a look at the whole text. */
  #lay(wanted: ReadonlyMap<string, () => HTMLElement | null>): void {
    for (const [key, element] of this.#laid) {
      if (wanted.has(key)) continue;
      element.remove();
      this.#laid.delete(key);
    }
    const fresh: HTMLElement[] = [];
    for (const [key, make] of wanted) {
      if (this.#laid.has(key)) continue;
      const element = make();
      if (!element) continue;
      this.#laid.set(key, element);
      fresh.push(element);
    }
    this.#over.append(...fresh);
  }

  #inView(home: DOMRect): [number, number] {
    const room = this.element.closest(".displays")?.getBoundingClientRect() ?? document.documentElement.getBoundingClientRect();
    if (home.height < room.height * 2) return [0, this.text.length];
    const top = caretAt(home.left + 2, Math.max(home.top, room.top) + 2);
    const bottom = caretAt(home.right - 2, Math.min(home.bottom, room.bottom) - 2);
    const unitAt = (spot: typeof top): number | null => spot && this.#pieces.unitOf(spot.node, spot.offset);
    return [Math.max(0, (unitAt(top) ?? 0) - 400), (unitAt(bottom) ?? this.text.length) + 400];
  }

  #tag(mark: Mark, home: DOMRect): HTMLElement | null {
    const unit = this.offsets.toUnit(mark.start);
    const box = this.#box(unit);
    if (!box) return null;
    const tag = h("span", { class: `tag label-${((mark.colour - 1) % 8) + 1}${mark.selected ? " is-selected" : ""}` }, mark.name);
    const isRight = directionAt(this.text, unit) === "rtl";
    tag.style.setProperty("inset-block-start", `${box.bottom - home.top + 1 + mark.depth * 4}px`);
    if (isRight) tag.style.setProperty("right", `${home.right - box.right}px`);
    else tag.style.setProperty("left", `${box.left - home.left}px`);
    return tag;
  }

  #sign(unit: number, length: number, name: string, home: DOMRect): HTMLElement | null {
    const box = this.#pieces.range(unit, unit + length).getBoundingClientRect();
    const sign = h("span", { class: "sign" }, name);
    sign.style.setProperty("left", `${box.left - home.left}px`);
    sign.style.setProperty("inset-block-start", `${box.top - home.top}px`);
    return sign;
  }
}

function caretAt(x: number, y: number): { node: Node; offset: number } | null {
  if ("caretPositionFromPoint" in document) {
    const found = document.caretPositionFromPoint(x, y);
    return found ? { node: found.offsetNode, offset: found.offset } : null;
  }
  const range = (document as unknown as { caretRangeFromPoint(x: number, y: number): Range | null }).caretRangeFromPoint(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}
