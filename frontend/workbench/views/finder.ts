// A field to find something by typing: a combobox with a short list, for languages and for the labels of a tree.

import { fill, h, uid } from "../dom.ts";

export interface Found {
  readonly id: string;
  readonly name: string;
  readonly detail?: string;
}

export interface Given {
  readonly label: string;
  readonly cap: string;
  /** Said in the list when nothing is found; "" for no list at all. */
  readonly none: string;
  readonly find: (typed: string) => readonly Found[];
  readonly choose: (id: string) => void;
  /** Enter on words that match nothing. */
  readonly free?: (typed: string) => void;
}

export class Finder {
  readonly element: HTMLElement;
  readonly #given: Given;
  readonly #id = uid("finder");
  readonly #list: HTMLElement;
  readonly #input: HTMLInputElement;
  #found: readonly Found[] = [];
  #at = 0;

  constructor(given: Given) {
    this.#given = given;
    this.#list = h("ul", { class: "picker-list", id: this.#id, role: "listbox", hidden: true, "aria-label": given.label });
    this.#input = h("input", {
      type: "search",
      placeholder: `${given.label}…`,
      "aria-label": given.label,
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": this.#id,
      autocomplete: "off",
    });
    this.#input.addEventListener("input", () => this.#look());
    this.#input.addEventListener("blur", () => this.#clear());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.element = h(
      "div",
      { class: "picker" },
      given.cap !== "" && h("kbd", { "aria-hidden": "true" }, given.cap),
      this.#input,
      this.#list,
    );
  }

  focus(): void {
    this.#input.focus();
  }

  #look(): void {
    this.#found = this.#input.value.trim() === "" ? [] : this.#given.find(this.#input.value);
    this.#at = 0;
    this.#draw();
  }

  #clear(): void {
    this.#input.value = "";
    this.#look();
  }

  #choose(id: string): void {
    this.#clear();
    this.#input.blur();
    this.#given.choose(id);
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229) return;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.#found.length > 0) {
      event.preventDefault();
      this.#at = (this.#at + (event.key === "ArrowDown" ? 1 : this.#found.length - 1)) % this.#found.length;
      this.#draw();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const chosen = this.#found[this.#at];
      if (chosen) this.#choose(chosen.id);
      else if (this.#input.value !== "") this.#given.free?.(this.#input.value);
    }
  }

  #draw(): void {
    const rows = this.#found.map((each, index) =>
      h(
        "li",
        {
          role: "option",
          id: `${this.#id}-${index}`,
          "aria-selected": String(index === this.#at),
          onpointerdown: (event: Event) => {
            event.preventDefault();
            this.#choose(each.id);
          },
        },
        each.name,
        each.detail ? h("span", { class: "detail" }, ` ${each.detail}`) : null,
      ),
    );
    const isEmpty = rows.length === 0 && this.#given.none !== "" && this.#input.value.trim() !== "";
    if (isEmpty)
      rows.push(h("li", { class: "muted", role: "option", "aria-selected": "false", "aria-disabled": "true" }, this.#given.none));
    fill(this.#list, ...rows);
    this.#list.hidden = rows.length === 0;
    this.#input.setAttribute("aria-expanded", String(rows.length > 0));
    if (this.#found.length > 0) this.#input.setAttribute("aria-activedescendant", `${this.#id}-${this.#at}`);
    else this.#input.removeAttribute("aria-activedescendant");
  }
}
