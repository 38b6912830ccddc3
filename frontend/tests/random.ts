// Seeded randomness and strings of every script for the property tests.

export type Random = () => number;

/** Mulberry32: small, seeded, the same everywhere. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function below(random: Random, most: number): number {
  return Math.floor(random() * most);
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[below(random, from.length)] as T;
}

const BLOCKS: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x3ff],
  [0x400, 0x4ff],
  [0x590, 0x5ff],
  [0x600, 0x6ff],
  [0x900, 0x97f],
  [0x980, 0x9ff],
  [0xb80, 0xbff],
  [0xe00, 0xe5b],
  [0xe80, 0xedf],
  [0xf00, 0xfbc],
  [0x1000, 0x109f],
  [0x1100, 0x11ff],
  [0x1200, 0x137c],
  [0x1780, 0x17e9],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
  [0x3040, 0x30ff],
  [0x4e00, 0x4fff],
  [0xac00, 0xad00],
  [0xa980, 0xa9df],
  [0xfe00, 0xfe0f],
  [0x1f1e6, 0x1f1ff],
  [0x1f3fb, 0x1f3ff],
  [0x1f466, 0x1f469],
  [0x1f600, 0x1f64f],
  [0x20000, 0x20100],
  [0x110b0, 0x110bd],
  [0xe0100, 0xe010f],
];
const JOINTS = ["\u200d", "\r\n", "\n", " ", "\ufe0f", "\u20e3", "\u094d", "\u0e33", "\u{1f3fd}", "e\u0301"];

/** A string of one or a few scripts, with joiners and marks in between. */
export function someText(random: Random, most: number): string {
  const blocks = Array.from({ length: 1 + below(random, 3) }, () => pick(random, BLOCKS));
  let text = "";
  for (let left = below(random, most); left > 0; left -= 1) {
    const [from, to] = pick(random, blocks);
    text += random() < 0.15 ? pick(random, JOINTS) : String.fromCodePoint(from + below(random, to - from + 1));
  }
  return text;
}

export const EMOJI = ["👨‍👩‍👧‍👦", "🏳️‍🌈", "🇮🇩", "🇯🇵🇰🇷", "👍🏽", "1️⃣", "👩🏾‍🚀", "🧑‍🤝‍🧑", "❤️‍🔥", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☕", "©️"];
