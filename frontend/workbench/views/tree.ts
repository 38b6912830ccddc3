// A taxonomy, level by level, with search by typing.

import { columnsOf, paths } from "../choices.ts";
import type { Document } from "../document.ts";
import { fill, h, uid } from "../dom.ts";
import { PLACES } from "../keys.ts";
import type { Label, Tree } from "../types.ts";
import { Finder } from "./finder.ts";
import { optionOf } from "./option.ts";
import type { Context, View } from "./view.ts";

const FOUND = 8;

class TreeView implements View {
  readonly element: HTMLElement;
  readonly #question: Tree;
  readonly #context: Context;
  readonly #columns = h("div", { class: "tree-columns" });
  readonly #crumbs = h("p", { class: "tree-path", "aria-live": "polite" });
  readonly #up: HTMLElement;
  readonly #finder: Finder;

  constructor(question: Tree, context: Context) {
    this.#question = question;
    this.#context = context;
    this.#up = h(
      "button",
      { type: "button", class: "button quiet", onclick: () => this.press(":up") },
      h("span", { class: "mirror", "aria-hidden": "true" }, "←"),
      h("span", { class: "visually-hidden" }, context.t("tree_up")),
      h("kbd", { "aria-hidden": "true" }, context.cap(question.id, ":up")),
    );
    this.#finder = finderOf(question, context, (path) => this.#give(path));
    this.element = h("div", { class: "tree" }, h("div", { class: "row" }, this.#finder.element, this.#up, this.#crumbs), this.#columns);
  }

  get #path(): readonly string[] {
    return (this.#context.document().answers[this.#question.id] ?? []) as readonly string[];
  }

  press(value: string): void {
    if (value === ":focus") return this.#finder.focus();
    if (value === ":up") return this.#give(this.#path.slice(0, -1));
    const open = columnsOf(this.#question.labels, this.#path);
    const depth = open.length - 1;
    const label = open[depth]?.[Number(value) - 1];
    if (!label) return;
    this.#context.point(label.value);
    this.#give([...this.#path.slice(0, depth), label.value]);
  }

  update(doc: Document): void {
    const path = (doc.answers[this.#question.id] ?? []) as readonly string[];
    const open = columnsOf(this.#question.labels, path);
    const hadFocus = this.#columns.contains(document.activeElement);
    fill(this.#columns, ...open.map((labels, depth) => this.#column(labels, depth, depth === open.length - 1, path)));
    this.#crumbs.textContent = names(this.#question.labels, path).join(" › ");
    this.#up.hidden = path.length === 0;
    if (hadFocus)
      ([...this.#columns.querySelectorAll<HTMLInputElement>(":checked")].at(-1) ?? this.#columns.querySelector("input"))?.focus();
  }

  #give(path: readonly string[]): void {
    this.#context.answer(this.#question.id, path.length > 0 ? path : undefined);
  }

  #column(labels: readonly Label[], depth: number, isLast: boolean, path: readonly string[]): HTMLElement {
    const group = uid("tree");
    const options = labels.map((label, index) => {
      const option = optionOf({
        context: this.#context,
        question: this.#question.id,
        value: isLast && index < PLACES ? String(index + 1) : ":none",
        name: label.name || label.value,
        type: "radio",
        group,
        colour: label.colour,
        hint: label.hint,
        ...(label.labels?.length ? { detail: "›" } : {}),
        pick: () => this.#give([...path.slice(0, depth), label.value]),
      });
      option.set(path[depth] === label.value);
      option.element.addEventListener("pointerenter", () => this.#context.point(label.value));
      return option.element;
    });
    const name = depth === 0 ? this.#question.prompt : (path[depth - 1] ?? "");
    return h("div", { class: `options tree-column${isLast ? " is-open" : ""}`, role: "radiogroup", "aria-label": name }, ...options);
  }
}

function names(labels: readonly Label[], path: readonly string[]): string[] {
  const [first, ...rest] = path;
  const label = labels.find((each) => each.value === first);
  return label ? [label.name || label.value, ...names(label.labels ?? [], rest)] : [];
}

/** Every label by any word along its path; those whose own name begins so come first. */
function finderOf(question: Tree, context: Context, give: (path: readonly string[]) => void): Finder {
  const all = paths(question.labels).map((path, index) => ({
    id: String(index),
    path: path.map((label) => label.value),
    name: path.map((label) => label.name || label.value).join(" › "),
    words: fold(path.map((label) => `${label.name} ${label.value}`).join(" ")),
    own: fold(path.at(-1)?.name ?? ""),
  }));
  return new Finder({
    label: context.t("tree_search"),
    cap: context.cap(question.id, ":focus"),
    none: context.t("tree_none"),
    find: (typed) => {
      const wanted = fold(typed)
        .split(/\s+/)
        .filter((word) => word !== "");
      const rank = (each: (typeof all)[number]): number => (each.own.startsWith(wanted[0] ?? "") ? 0 : 1);
      return all
        .filter((each) => wanted.every((word) => each.words.includes(word)))
        .sort((left, right) => rank(left) - rank(right))
        .slice(0, FOUND);
    },
    choose: (id) => give(all[Number(id)]?.path ?? []),
  });
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

export function treeView(question: Tree, context: Context): View {
  return new TreeView(question, context);
}
