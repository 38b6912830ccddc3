// Converts between UTF-16 indices and code points, and snaps either to graphemes or words.

/** Code points per block of the index: a conversion walks at most this many. */
const BLOCK = 256;

export interface Offsets {
  readonly text: string;
  readonly length: number;
  toPoint(unit: number): number;
  toUnit(point: number): number;
}

function isPair(text: string, unit: number): boolean {
  const high = text.charCodeAt(unit);
  if (high < 0xd800 || high > 0xdbff || unit + 1 >= text.length) return false;
  const low = text.charCodeAt(unit + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

/** Index a text once; conversions then cost a block's walk, or nothing where there is no surrogate pair. */
export function offsetsOf(text: string): Offsets {
  const starts: number[] = [];
  let point = 0;
  for (let unit = 0; unit < text.length; unit += isPair(text, unit) ? 2 : 1) {
    if (point % BLOCK === 0) starts.push(unit);
    point += 1;
  }
  const length = point;
  const plain = length === text.length;

  function toUnit(at: number): number {
    const wanted = Math.max(0, Math.min(at, length));
    if (plain) return wanted;
    if (wanted === length) return text.length;
    let unit = starts[Math.floor(wanted / BLOCK)] ?? 0;
    for (let left = wanted % BLOCK; left > 0; left -= 1) unit += isPair(text, unit) ? 2 : 1;
    return unit;
  }

  function toPoint(at: number): number {
    const wanted = Math.max(0, Math.min(at, text.length));
    if (plain) return wanted;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= wanted) low = middle + 1;
      else high = middle;
    }
    const block = Math.max(0, low - 1);
    let unit = starts[block] ?? 0;
    let found = block * BLOCK;
    while (unit < wanted) {
      const step = isPair(text, unit) ? 2 : 1;
      if (unit + step > wanted) break; // inside a pair: the code point it belongs to
      unit += step;
      found += 1;
    }
    return found;
  }

  return { text, length, toPoint, toUnit };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** How far a grapheme search looks back before it segments: longer than any sequence people write. */
const REACH = 128;

/** True where a grapheme surely begins, whatever stands around: segmenting may start there. */
function isSafeStart(text: string, unit: number): boolean {
  const code = text.charCodeAt(unit);
  const before = text.charCodeAt(unit - 1);
  if (code === 0x0a) return before !== 0x0d;
  return isPlain(before) && (isPlain(code) || code === 0x20);
}

/** Letters of the scripts people write longest in that neither join what follows nor hang on what stands before (UAX 29: class Other). */
function isPlain(code: number): boolean {
  return (
    (code >= 0x20 && code < 0x7f) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x3041 && code <= 0x3096) ||
    (code >= 0x30a1 && code <= 0x30fa) ||
    (code >= 0x0e01 && code <= 0x0e2e) ||
    (code >= 0x0400 && code <= 0x0481) ||
    (code >= 0x0620 && code <= 0x064a) ||
    (code >= 0x05d0 && code <= 0x05ea) ||
    code === 0x3001 ||
    code === 0x3002
  );
}

function windowStart(text: string, unit: number): number {
  for (let at = unit; at > 0 && unit - at < REACH; at -= 1) if (isSafeStart(text, at)) return at;
  return unit - REACH <= 0 ? 0 : lastSafe(text, unit - REACH);
}

function lastSafe(text: string, unit: number): number {
  for (let at = unit; at > 0; at -= 1) if (isSafeStart(text, at)) return at;
  return 0;
}

/** The grapheme that covers this UTF-16 index: where it starts and ends. */
export function graphemeAt(text: string, unit: number): { start: number; end: number } {
  if (unit >= text.length) return { start: text.length, end: text.length };
  const from = windowStart(text, unit);
  for (let reach = unit - from + REACH; ; reach *= 2) {
    const piece = text.slice(from, from + reach);
    const found = graphemes.segment(piece).containing(unit - from);
    if (!found) return { start: unit, end: unit };
    const end = found.index + found.segment.length;
    // A cluster that touches the window's edge may go on behind it.
    if (end < piece.length || from + piece.length >= text.length) return { start: from + found.index, end: from + end };
  }
}

export function isGraphemeBoundary(text: string, unit: number): boolean {
  return unit <= 0 || unit >= text.length || graphemeAt(text, unit).start === unit;
}

export function previousGrapheme(text: string, unit: number): number {
  return unit <= 0 ? 0 : graphemeAt(text, unit - 1).start;
}

export function nextGrapheme(text: string, unit: number): number {
  return graphemeAt(text, unit).end;
}

/** Widen a UTF-16 range to whole graphemes. */
export function snapToGraphemes(text: string, start: number, end: number): { start: number; end: number } {
  const from = graphemeAt(text, Math.max(0, start)).start;
  const to = isGraphemeBoundary(text, end) ? end : graphemeAt(text, end).end;
  return { start: Math.min(from, to), end: Math.max(from, to) };
}

export interface Word {
  readonly start: number;
  readonly end: number;
}

const ADDRESS = /(?:https?:\/\/|www\.)[^\s]+|[@#][\p{L}\p{M}\p{N}_]+/gu;

/** Words as the reader's language divides them, in UTF-16 indices; addresses, mentions and hashtags stay whole, spaces are left out. */
export function wordsOf(text: string, language: string): Word[] {
  const words: Word[] = [];
  const whole = [...text.matchAll(ADDRESS)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
  let next = 0;
  for (const { index, segment } of segmenterFor(language).segment(text)) {
    while (next < whole.length && (whole[next]?.end ?? 0) <= index) next += 1;
    const address = whole[next];
    if (address && index >= address.start && index < address.end) {
      if (words.at(-1)?.start !== address.start) words.push(address);
      continue;
    }
    if (segment.trim() !== "") words.push({ start: index, end: index + segment.length });
  }
  return words;
}

function segmenterFor(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language === "und" ? undefined : language, { granularity: "word" });
  } catch {
    return new Intl.Segmenter(undefined, { granularity: "word" });
  }
}

/** The words a UTF-16 range touches, as one range; a range between words snaps to graphemes. */
export function snapToWords(text: string, words: readonly Word[], start: number, end: number): { start: number; end: number } {
  const touched = words.slice(firstEndingAfter(words, start), firstStartingAt(words, end));
  const first = touched[0];
  const last = touched.at(-1);
  return first && last ? { start: first.start, end: last.end } : snapToGraphemes(text, start, end);
}

export function firstEndingAfter(words: readonly Word[], unit: number): number {
  return search(words, (word) => word.end > unit);
}

export function firstStartingAt(words: readonly Word[], unit: number): number {
  return search(words, (word) => word.start >= unit);
}

function search(words: readonly Word[], holds: (word: Word) => boolean): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(words[middle] as Word)) high = middle;
    else low = middle + 1;
  }
  return low;
}
