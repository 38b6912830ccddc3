// What every question's view is given, and what it gives.

import type { Document } from "../document.ts";
import type { Answer, Question, Suggestion } from "../types.ts";
import type { Translate } from "../strings.ts";
import type { TextView } from "../text.ts";

export interface Context {
  readonly t: Translate;
  /** Of the interface. */
  readonly language: string;
  /** Of the item. */
  readonly textLanguage: string;
  readonly document: () => Document;
  readonly answer: (question: string, value: Answer | undefined, burst?: string) => void;
  readonly activate: (question: string) => void;
  /** The key of an act as it is printed; "" when it has none. */
  readonly cap: (question: string, value: string) => string;
  readonly texts: ReadonlyMap<string, TextView>;
  readonly suggestion: (question: string) => Suggestion | undefined;
  /** B stands on the left. */
  readonly shuffled: boolean;
  readonly say: (message: string) => void;
  /** The span that is selected in a question of spans; relations begin there. */
  readonly chosen: Map<string, string>;
  /** Tell the guideline which label is looked at. */
  readonly point: (value: string | null) => void;
}

export interface View {
  readonly element: HTMLElement;
  update(document: Document): void;
  /** An act of this question by its key. */
  press(value: string): void;
  /** A key that is nobody's command (Delete, Backspace, comma, full stop); true when it was used. */
  key?(name: string): boolean;
  /** Before a submit: what the view alone knows is folded into the answers. */
  close?(): void;
}

export type Maker<Q extends Question = Question> = (question: Q, context: Context) => View;
