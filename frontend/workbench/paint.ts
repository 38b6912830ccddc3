// Paints ranges of text by CSS Custom Highlights: the text node is never cut.

export const DEPTHS = 4;
export const COLOURS = 8;

export interface Stroke {
  /** The same key is the same place with the same look: it stays as it is painted. */
  readonly key: string;
  /** "caret", "found", "selected", or a label's colour and depth by `strokeName`. */
  readonly name: string;
  readonly range: () => AbstractRange;
}

export function strokeName(colour: number, depth: number): string {
  return `c${((Math.max(1, colour) - 1) % COLOURS) + 1}d${Math.min(depth, DEPTHS - 1)}`;
}

const painted = new Map<object, Map<string, { readonly name: string; readonly range: AbstractRange }>>();

const canPaint = typeof CSS !== "undefined" && "highlights" in CSS;

/** Replace what an owner has painted; only what differs is touched, for each change costs the browser a repaint. */
export function paintStrokes(owner: object, strokes: readonly Stroke[]): void {
  if (!canPaint) return;
  const before = painted.get(owner) ?? new Map<string, { readonly name: string; readonly range: AbstractRange }>();
  const now = new Map<string, { readonly name: string; readonly range: AbstractRange }>();
  for (const stroke of strokes) {
    const there = before.get(stroke.key);
    const kept = there ?? { name: stroke.name, range: stroke.range() };
    if (!there && !now.has(stroke.key)) highlightOf(stroke.name).add(kept.range);
    now.set(stroke.key, kept);
  }
  for (const [key, { name, range }] of before) if (!now.has(key)) CSS.highlights.get(name)?.delete(range);
  if (now.size > 0) painted.set(owner, now);
  else painted.delete(owner);
}

function highlightOf(name: string): Highlight {
  let highlight = CSS.highlights.get(name);
  if (!highlight) {
    highlight = new Highlight();
    highlight.priority = name === "selected" ? 20 : name === "found" ? 15 : name === "caret" ? 30 : Number(name.at(-1)) || 0;
    CSS.highlights.set(name, highlight);
  }
  return highlight;
}

/** The sheet of all label colours and depths; constructed, as the content security policy wants it. */
export function installStrokes(): void {
  if (!canPaint) return;
  const rules = [
    "::highlight(caret) { background-color: color-mix(in srgb, var(--accent) 34%, transparent); }",
    "::highlight(found) { background-color: var(--amber-tint); text-decoration: underline 2px var(--amber); }",
    "::highlight(selected) { background-color: color-mix(in srgb, var(--accent) 30%, transparent); }",
  ];
  for (let colour = 1; colour <= COLOURS; colour += 1) {
    for (let depth = 0; depth < DEPTHS; depth += 1) {
      rules.push(
        `::highlight(c${colour}d${depth}) { background-color: color-mix(in srgb, var(--label-${colour}) 14%, transparent); ` +
          `text-decoration: underline 3px var(--label-${colour}); text-underline-offset: ${3 + depth * 4}px; text-decoration-skip-ink: none; }`,
      );
    }
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.join("\n"));
  document.adoptedStyleSheets.push(sheet);
}
