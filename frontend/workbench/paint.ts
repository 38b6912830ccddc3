// Paints ranges of text by CSS Custom Highlights: the text node is never cut.

export const DEPTHS = 4;
export const COLOURS = 8;

export interface Stroke {
  readonly range: AbstractRange;
  /** "caret", "found", "selected", or a label's colour and depth by `strokeName`. */
  readonly name: string;
}

export function strokeName(colour: number, depth: number): string {
  return `c${((Math.max(1, colour) - 1) % COLOURS) + 1}d${Math.min(depth, DEPTHS - 1)}`;
}

const painted = new Map<object, readonly Stroke[]>();

const canPaint = typeof CSS !== "undefined" && "highlights" in CSS;

/** Replace what an owner has painted; nothing is left of what it painted before. */
export function paintStrokes(owner: object, strokes: readonly Stroke[]): void {
  if (!canPaint) return;
  const before = painted.get(owner) ?? [];
  if (strokes.length > 0) painted.set(owner, strokes);
  else painted.delete(owner);
  for (const stroke of before) CSS.highlights.get(stroke.name)?.delete(stroke.range);
  for (const stroke of strokes) highlightOf(stroke.name).add(stroke.range);
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
  const rules = ["::highlight(caret) { background-color: color-mix(in srgb, var(--accent) 34%, transparent); }",
    "::highlight(found) { background-color: var(--amber-tint); text-decoration: underline 2px var(--amber); }",
    "::highlight(selected) { background-color: color-mix(in srgb, var(--accent) 30%, transparent); }"];
  for (let colour = 1; colour <= COLOURS; colour += 1) {
    for (let depth = 0; depth < DEPTHS; depth += 1) {
      rules.push(`::highlight(c${colour}d${depth}) { background-color: color-mix(in srgb, var(--label-${colour}) 14%, transparent); `
        + `text-decoration: underline 3px var(--label-${colour}); text-underline-offset: ${3 + depth * 4}px; text-decoration-skip-ink: none; }`);
    }
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules.join("\n"));
  document.adoptedStyleSheets.push(sheet);
}
