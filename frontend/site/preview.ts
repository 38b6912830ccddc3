// Draws an item under a label schema as the workbench does; keys work while it has the focus, and nothing is sent.

import { fill, h, isTextField } from "../workbench/dom.ts";
import { Item } from "../workbench/item.ts";
import { Keymap } from "../workbench/keymap.ts";
import { commandOf } from "../workbench/keys.ts";
import { installStrokes } from "../workbench/paint.ts";
import { translator } from "../workbench/strings.ts";
import type { Answers, Content, Schema } from "../workbench/types.ts";
import { filled } from "./example.ts";

export interface Example {
  readonly content: Content;
  readonly language: string;
  readonly severity: number;
  readonly hazards: readonly string[];
}

export interface PreviewConfig {
  readonly examples: readonly Example[];
  readonly keys: Readonly<Record<string, string>>;
  readonly strings: Readonly<Record<string, string>>;
  readonly language: string;
  readonly text_size: number;
}

const INVENTED: Example = { content: {}, language: "id", severity: 0, hazards: [] };

export class Preview {
  readonly #place: HTMLElement;
  readonly #config: PreviewConfig;
  readonly #keymap: Keymap;
  readonly #state = h("p", { class: "hint", role: "status" });
  readonly #stage = h("div", { class: "preview-stage" });
  #schema: Schema | null = null;
  #item: Item | null = null;
  #at = 0;

  constructor(place: HTMLElement, config: PreviewConfig) {
    this.#place = place;
    this.#config = config;
    const t = translator(config.strings, config.language);
    this.#keymap = new Keymap({ t, language: config.language, own: config.keys, save: () => Promise.resolve(false) });
    installStrokes();
    place.style.setProperty("--text-size", `${Math.min(28, Math.max(14, config.text_size))}px`);
    fill(place, this.#state, this.#stage);
    this.#stage.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Draw this schema; answers that still fit stay. */
  show(schema: Schema): void {
    this.#schema = schema;
    this.#draw(this.#item?.document.answers ?? {});
  }

  /** The text cannot be used at the moment: what is shown is older. */
  stale(): void {
    this.#place.classList.add("is-stale");
    this.#say(this.#item ? "stale" : null);
  }

  next(): void {
    this.#at += 1;
    this.#draw({});
  }

  #draw(answers: Answers): void {
    const schema = this.#schema;
    if (!schema) return;
    const { examples, strings, language } = this.#config;
    const example = examples[this.#at % Math.max(1, examples.length)] ?? INVENTED;
    const fitting = Object.fromEntries(Object.entries(answers).filter(([id]) => schema.questions.some((each) => each.id === id)));
    try {
      const made = new Item({
        lease: {
          lease: "preview",
          schema: 0,
          expires: "",
          language: example.language,
          severity: example.severity,
          hazards: example.hazards,
          content: filled(schema, example.content),
        },
        schema,
        answers: fitting,
        isCorrection: false,
        activeBefore: 0,
        openedAt: "",
        reveals: [],
        acts: this.#keymap.actsOf(schema),
        veilCap: this.#keymap.cap("veil"),
        t: translator(strings, language),
        language,
        changed: () => {},
        say: () => {},
        point: () => {},
        revealed: () => {},
      });
      this.#item?.close();
      this.#item = made;
      this.#stage.replaceChildren(made.element);
      this.#say(examples.length === 0 ? "invented" : null);
    } catch {
      if (answers !== NOTHING && Object.keys(answers).length > 0) return this.#draw(NOTHING); // answers of a kind the question no longer is
      this.#say("failed");
    }
    this.#place.classList.remove("is-stale");
  }

  #say(name: string | null): void {
    this.#state.textContent = name === null ? "" : (this.#place.dataset[name] ?? "");
  }

  #key(event: KeyboardEvent): void {
    const item = this.#item;
    if (!item || event.defaultPrevented) return;
    const acts = this.#keymap.actsOf(item.given.schema);
    const found = commandOf(event, this.#keymap.bindings(acts, item.visible()), isTextField(event.target));
    const act = acts.find((each) => each.id === found);
    if (act) item.press(act);
    else if (found === "veil") item.veil.toggle();
    else if (found === "undo" || found === "redo") item.dispatch({ do: found });
    else if (found !== null || !item.key(event.key)) return;
    event.preventDefault();
  }
}

const NOTHING: Answers = {};
