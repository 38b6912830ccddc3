// A text on the page in pieces of whole paragraphs, so that the browser draws only those in view; and where an index stands in them.

import { h } from "./dom.ts";

/** Shorter texts stay one text node. */
const LONG = 5_000;
/** About a screen: each piece out of view costs nothing, each piece in view is drawn whole. */
const PIECE = 1_200;
const LETTERS_A_LINE = 72;

export interface Spot {
  readonly node: Text;
  readonly offset: number;
}

export class Pieces {
  /** What is put on the page. */
  readonly content: readonly Node[];
  readonly #nodes: readonly Text[];
  readonly #starts: readonly number[];
  readonly #startOf: ReadonlyMap<Node, number>;
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    this.#starts = text.length < LONG ? [0] : startsOf(text);
    this.#nodes = this.#starts.map((start, index) => document.createTextNode(text.slice(start, this.#starts[index + 1])));
    this.content = this.#nodes.length === 1 ? this.#nodes : this.#nodes.map(pieceOf);
    const startOf = new Map<Node, number>();
    for (const [index, node] of this.#nodes.entries())
      for (const each of [node, node.parentNode]) if (each) startOf.set(each, this.#starts[index] ?? 0);
    this.#startOf = startOf;
  }

  at(unit: number): Spot {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= unit) low = middle + 1;
      else high = middle;
    }
    const index = Math.max(0, low - 1);
    const node = this.#nodes[index] as Text;
    return { node, offset: Math.max(0, Math.min(node.length, unit - (this.#starts[index] ?? 0))) };
  }

  /** The index of a place the browser names, or null when it lies elsewhere. */
  unitOf(node: Node | null, offset: number): number | null {
    const start = node === null ? undefined : this.#startOf.get(node);
    if (start === undefined) return null;
    if (node instanceof Text) return start + offset;
    return offset === 0 ? start : Math.min(this.#length, start + (node?.textContent?.length ?? 0));
  }

  range(start: number, end: number): Range {
    const [from, to] = [this.at(start), this.at(end)];
    const range = document.createRange();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    return range;
  }

  still(start: number, end: number): StaticRange {
    const [from, to] = [this.at(start), this.at(end)];
    return new StaticRange({ startContainer: from.node, startOffset: from.offset, endContainer: to.node, endOffset: to.offset });
  }
}

/** Pieces begin where a line does. */
function startsOf(text: string): number[] {
  const starts = [0];
  for (let at = 0; ; ) {
    const next = text.indexOf("\n", at + PIECE) + 1;
    if (next === 0 || next >= text.length) return starts;
    starts.push(next);
    at = next;
  }
}

function pieceOf(node: Text): HTMLElement {
  const element = h("div", { class: "piece" }, node);
  const lines = node.data.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LETTERS_A_LINE)), 0);
  element.style.setProperty("contain-intrinsic-block-size", `auto ${lines}lh`);
  return element;
}
