// A small part of Markdown as elements, never as HTML: headings, lists, quotes, code, emphasis and links.

import { h } from "./dom.ts";

const INLINE = /(`[^`]+`)|(\*\*[^*]+\*\*)|(\*[^*\s][^*]*\*|_[^_\s][^_]*_)|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g;

function inline(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let last = 0;
  for (const match of text.matchAll(INLINE)) {
    parts.push(text.slice(last, match.index));
    const [whole, code, strong, , words, address] = match;
    if (code) parts.push(h("code", {}, code.slice(1, -1)));
    else if (strong) parts.push(h("strong", {}, strong.slice(2, -2)));
    else if (words && address) parts.push(h("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, words));
    else parts.push(h("em", {}, whole.slice(1, -1)));
    last = match.index + whole.length;
  }
  parts.push(text.slice(last));
  return parts;
}

export function markdown(source: string): HTMLElement[] {
  return source
    .replace(/\r\n?/g, "\n")
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== "")
    .map(block);
}

function block(text: string): HTMLElement {
  const heading = /^(#{1,6})\s+(.*)$/.exec(text);
  if (heading?.[2]) return h("p", { class: "md-heading", dir: "auto" }, ...inline(heading[2]));
  const lines = text.split("\n");
  if (lines.every((line) => /^\s*[-*+]\s+/.test(line)))
    return h("ul", {}, ...lines.map((line) => h("li", { dir: "auto" }, ...inline(line.replace(/^\s*[-*+]\s+/, "")))));
  if (lines.every((line) => /^\s*\d+[.)]\s+/.test(line)))
    return h("ol", {}, ...lines.map((line) => h("li", { dir: "auto" }, ...inline(line.replace(/^\s*\d+[.)]\s+/, "")))));
  if (lines.every((line) => line.startsWith(">")))
    return h("blockquote", { dir: "auto" }, ...inline(lines.map((line) => line.replace(/^>\s?/, "")).join("\n")));
  if (text.startsWith("```")) return h("pre", {}, text.replace(/^```[^\n]*\n?|\n?```$/g, ""));
  return h("p", { dir: "auto" }, ...inline(text));
}
