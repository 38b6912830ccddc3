// A taxonomy, level by level, with search by typing.

import { paths } from "../choices.ts";
import type { Document } from "../document.ts";
import { fill, h, uid } from "../dom.ts";
import { PLACES } from "../keys.ts";
import type { Label, Tree } from "../types.ts";
import { optionOf } from "./option.ts";
import type { Context, View } from "./view.ts";

const FOUND = 8;

/** The columns that are open along a path: the roots, and the children of each label on it. */
export function columnsOf(labels: readonly Label[], path: readonly string[]): (readonly Label[])[] {
  const columns = [labels];
  let level = labels;
  for (const value of path) {
    level = level.find((label) => label.value === value)?.labels ?? [];
    if (level.length === 0) break;
    columns.push(level);
  }
  return columns;
}

export function treeView(question: Tree, context: Context): View {
  const columns = h("div", { class: "tree-columns" });
  const current = (): readonly string[] => (context.document().answers[question.id] ?? []) as readonly string[];
  const give = (path: readonly string[]): void => context.answer(question.id, path.length > 0 ? path : undefined);
  const finder = finderOf(question, context, give);
  const crumbs = h("p", { class: "tree-path", "aria-live": "polite" });
  const up = h("button", { type: "button", class: "button quiet", "aria-label": context.t("tree_up"), onclick: () => give(current().slice(0, -1)) }, h("span", { class: "mirror", "aria-hidden": "true" }, "←"), h("kbd", { "aria-hidden": "true" }, context.cap(question.id, ":up")));

  function column(labels: readonly Label[], depth: number, isLast: boolean, path: readonly string[]): HTMLElement {
    const group = uid("tree");
    const options = labels.map((label, index) => {
      const option = optionOf({
        context, question: question.id, value: isLast && index < PLACES ? String(index + 1) : ":none", name: label.name || label.value, type: "radio", group, colour: label.colour, hint: label.hint,
        ...(label.labels?.length ? { detail: "›" } : {}), pick: () => give([...path.slice(0, depth), label.value]),
      });
      option.set(path[depth] === label.value);
      option.element.addEventListener("pointerenter", () => context.point(label.value));
      return option.element;
    });
    return h("div", { class: `options tree-column${isLast ? " is-open" : ""}`, role: "radiogroup", "aria-label": depth === 0 ? question.prompt : (path[depth - 1] ?? "") }, ...options);
  }

  return {
    element: h("div", { class: "tree" }, h("div", { class: "row" }, finder.element, up, crumbs), columns),
    press: (value) => {
      if (value === ":focus") return finder.focus();
      const path = current();
      if (value === ":up") return give(path.slice(0, -1));
      const open = columnsOf(question.labels, path);
      const depth = open.length - 1;
      const label = open[depth]?.[Number(value) - 1];
      if (!label) return;
      context.point(label.value);
      give([...path.slice(0, depth), label.value]);
    },
    update: (doc: Document) => {
      const path = (doc.answers[question.id] ?? []) as readonly string[];
      const open = columnsOf(question.labels, path);
      const focused = columns.contains(document.activeElement);
      fill(columns, ...open.map((labels, depth) => column(labels, depth, depth === open.length - 1, path)));
      crumbs.textContent = names(question.labels, path).join(" › ");
      up.hidden = path.length === 0;
      if (focused) ([...columns.querySelectorAll<HTMLInputElement>(":checked")].at(-1) ?? columns.querySelector("input"))?.focus();
    },
  };
}

function names(labels: readonly Label[], path: readonly string[]): string[] {
  const [first, ...rest] = path;
  const label = labels.find((each) => each.value === first);
  return label ? [label.name || label.value, ...names(label.labels ?? [], rest)] : [];
}

function finderOf(question: Tree, context: Context, give: (path: readonly string[]) => void): { element: HTMLElement; focus: () => void } {
  const all = paths(question.labels).map((path) => ({ path: path.map((label) => label.value), name: path.map((label) => label.name || label.value).join(" › "), words: fold(path.map((label) => `${label.name} ${label.value}`).join(" ")) }));
  const id = uid("found");
  const list = h("ul", { class: "picker-list", id, role: "listbox", hidden: true, "aria-label": context.t("tree_search") });
  const input = h("input", { type: "search", placeholder: context.t("tree_search"), "aria-label": context.t("tree_search"), role: "combobox", "aria-expanded": "false", "aria-controls": id, autocomplete: "off" });
  let found: typeof all = [];
  let at = 0;
  const draw = (): void => {
    list.hidden = input.value.trim() === "";
    input.setAttribute("aria-expanded", String(!list.hidden));
    fill(list, ...found.map((each, index) => h("li", { role: "option", id: `${id}-${index}`, "aria-selected": String(index === at), onpointerdown: (event: Event) => { event.preventDefault(); choose(each.path); } }, each.name)),
      found.length === 0 ? h("li", { class: "muted", role: "option", "aria-selected": "false", "aria-disabled": "true" }, context.t("tree_none")) : null);
    if (found.length > 0) input.setAttribute("aria-activedescendant", `${id}-${at}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const choose = (path: readonly string[]): void => {
    input.value = "";
    draw();
    input.blur();
    give(path);
  };
  input.addEventListener("input", () => {
    const wanted = fold(input.value).split(/\s+/).filter((word) => word !== "");
    const last = (each: (typeof all)[number]): number => (fold(each.path.at(-1) ?? "").startsWith(wanted[0] ?? "") ? 0 : 1);
    found = all.filter((each) => wanted.every((word) => each.words.includes(word))).sort((left, right) => last(left) - last(right)).slice(0, FOUND);
    at = 0;
    draw();
  });
  input.addEventListener("blur", () => { input.value = ""; draw(); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length > 0) {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      draw();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const chosen = found[at];
      if (chosen) choose(chosen.path);
    }
  });
  const cap = context.cap(question.id, ":focus");
  return { element: h("div", { class: "picker" }, cap !== "" && h("kbd", { "aria-hidden": "true" }, cap), input, list), focus: () => input.focus() };
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
