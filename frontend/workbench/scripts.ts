// What a text is written in: scripts a machine may lack a font for, and marks that cannot be seen.

const SCRIPTS = [
  "Arabic",
  "Hebrew",
  "Thai",
  "Lao",
  "Khmer",
  "Myanmar",
  "Devanagari",
  "Bengali",
  "Tamil",
  "Telugu",
  "Kannada",
  "Malayalam",
  "Gujarati",
  "Gurmukhi",
  "Sinhala",
  "Tibetan",
  "Ethiopic",
  "Javanese",
  "Balinese",
  "Sundanese",
  "Georgian",
  "Armenian",
  "Han",
  "Hiragana",
  "Katakana",
  "Hangul",
  "Mongolian",
  "Cherokee",
  "Nko",
  "Adlam",
  "Tifinagh",
] as const;
const tests = SCRIPTS.map((script) => ({ script, pattern: new RegExp(`\\p{Script=${script}}`, "u") }));

/** The scripts in a text, each with its first character. */
export function scriptsOf(text: string): { readonly script: string; readonly sample: string }[] {
  return tests.flatMap(({ script, pattern }) => {
    const sample = pattern.exec(text)?.[0];
    return sample === undefined ? [] : [{ script, sample }];
  });
}

const names: Readonly<Record<string, string>> = {
  "\u00ad": "SHY",
  "\u034f": "CGJ",
  "\u061c": "ALM",
  "\u180e": "MVS",
  "\u200b": "ZWSP",
  "\u200c": "ZWNJ",
  "\u200d": "ZWJ",
  "\u200e": "LRM",
  "\u200f": "RLM",
  "\u202a": "LRE",
  "\u202b": "RLE",
  "\u202c": "PDF",
  "\u202d": "LRO",
  "\u202e": "RLO",
  "\u2060": "WJ",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
  "\ufeff": "BOM",
  "\u00a0": "NBSP",
  "\u202f": "NNBSP",
  "\u3000": "",
};
const INVISIBLE = /[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00a0\u202f]|[\u{e0020}-\u{e007f}]/gu;

/** Marks that a reader cannot see, except joiners inside an emoji and the tags of a flag, which belong to what is seen. */
export function invisibleMarks(text: string, most = 200): { readonly unit: number; readonly length: number; readonly name: string }[] {
  const found = [];
  for (const match of text.matchAll(INVISIBLE)) {
    const unit = match.index;
    if (match[0] === "\u200d" && isEmojiJoiner(text, unit)) continue;
    if ((match[0].codePointAt(0) ?? 0) >= 0xe0020) continue;
    found.push({ unit, length: match[0].length, name: names[match[0]] ?? `U+${match[0].charCodeAt(0).toString(16).toUpperCase()}` });
    if (found.length >= most) break;
  }
  return found;
}

function isEmojiJoiner(text: string, unit: number): boolean {
  return (
    /^\p{Extended_Pictographic}/u.test(text.slice(unit + 1, unit + 3)) ||
    /^[\u2640\u2642\u2695\u2696\u2708\u27a1\u2194\u2195]/.test(text.slice(unit + 1))
  );
}

const RTL = /[\u0591-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const STRONG = /\p{L}/u;

/** The direction of the paragraph around an index, by its first strong letter. */
export function directionAt(text: string, unit: number): "ltr" | "rtl" {
  const start = text.lastIndexOf("\n", unit - 1) + 1;
  const end = text.indexOf("\n", unit);
  const strong = STRONG.exec(text.slice(start, Math.min(end === -1 ? text.length : end, start + 2000)));
  return strong && RTL.test(strong[0]) ? "rtl" : "ltr";
}

const drawn = new Map<string, boolean>();
let boxes: readonly string[] | null = null;

function pixels(text: string): string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 24;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return text;
  pen.font = "16px system-ui, sans-serif";
  pen.fillText(text, 2, 18);
  return pen.getImageData(0, 0, 24, 24).data.join();
}

/** False when this machine draws the script's characters as empty boxes; looked at once per script. */
export function canDraw(script: string, sample: string): boolean {
  const known = drawn.get(script);
  if (known !== undefined) return known;
  boxes ??= ["\u{10fffd}", "\u{effff}"].map(pixels);
  const isDrawn = !boxes.includes(pixels(sample));
  drawn.set(script, isDrawn);
  return isDrawn;
}
