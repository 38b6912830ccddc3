// The shapes that the server and the page exchange.

export interface Label {
  readonly value: string;
  readonly name: string;
  readonly key: string;
  readonly colour: number;
  readonly hint: string;
  readonly weight?: number;
  /** Never chosen with another. */
  readonly exclusive?: boolean;
  readonly labels?: readonly Label[];
}

/** What can be picked where there are no labels, with its key. */
export interface Pick {
  readonly value: string | number;
  readonly name: string;
  readonly key?: string;
}

export interface Attribute {
  readonly id: string;
  readonly required?: boolean;
  readonly name?: string;
  readonly labels: readonly Label[];
}

export interface Condition {
  readonly question: string;
  readonly is: readonly (string | number)[];
}

interface Common {
  readonly id: string;
  readonly prompt: string;
  readonly hint?: string;
  readonly required?: boolean;
  readonly guideline?: string | null;
  readonly show_when?: Condition | null;
}

export interface Choice extends Common {
  readonly kind: "choice";
  readonly labels: readonly Label[];
  readonly scale?: "nominal" | "ordinal";
}
export interface Choices extends Common {
  readonly kind: "choices";
  readonly labels: readonly Label[];
  readonly min?: number | null;
  readonly max?: number | null;
}
export interface Tree extends Common {
  readonly kind: "tree";
  readonly labels: readonly Label[];
}
export interface Rating extends Common {
  readonly kind: "rating";
  readonly options?: readonly Pick[];
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[] | Readonly<Record<string, string>> | null;
}
export interface Slider extends Common {
  readonly kind: "slider";
  readonly min: number;
  readonly max: number;
  readonly step: number;
}
export interface TextQuestion extends Common {
  readonly kind: "text";
  readonly prefill?: string | null;
  readonly min_length?: number | null;
  readonly max_length?: number | null;
  readonly language?: string | null;
  readonly not_copy_of?: string | null;
  readonly multiline?: boolean;
}
export interface Language extends Common {
  readonly kind: "language";
  readonly tags: readonly string[];
  readonly allow?: readonly string[];
  readonly options?: readonly Pick[];
}
export interface Spans extends Common {
  readonly kind: "spans";
  readonly field: string;
  readonly labels: readonly Label[];
  readonly overlap?: "none" | "nest" | "allow";
  readonly snap?: "grapheme" | "token";
  readonly attributes?: readonly Attribute[];
}
export interface Relations extends Common {
  readonly kind: "relations";
  readonly spans: string;
  readonly labels: readonly Label[];
}
export interface Tokens extends Common {
  readonly kind: "tokens";
  readonly field: string;
  readonly labels: readonly Label[];
}
export interface Errors extends Common {
  readonly kind: "errors";
  readonly source: string;
  readonly target: string;
  readonly categories: readonly Label[];
  readonly severities: readonly Label[];
  readonly score?: boolean;
}
export interface Pairwise extends Common {
  readonly kind: "pairwise";
  readonly options?: readonly Pick[];
  readonly a: string;
  readonly b: string;
  readonly strengths?: number | null;
  readonly reason?: "none" | "optional" | "required";
  readonly tie?: boolean;
}
export interface Ranking extends Common {
  readonly kind: "ranking";
  readonly options?: readonly Pick[];
  readonly fields?: readonly string[];
}

export type Question =
  Choice | Choices | Tree | Rating | Slider | TextQuestion | Language | Spans | Relations | Tokens | Errors | Pairwise | Ranking;
export type Kind = Question["kind"];

interface SideDisplay {
  readonly field: string;
  readonly language?: string;
}

export type Display =
  | {
      readonly kind: "text" | "markdown" | "conversation" | "facts" | "image" | "audio" | "video";
      readonly field: string;
      readonly name?: string;
    }
  | { readonly kind: "parallel"; readonly source: SideDisplay; readonly target: SideDisplay };

export interface Schema {
  readonly displays: readonly Display[];
  readonly questions: readonly Question[];
}

export interface LanguageAnswer {
  readonly tag?: string;
  readonly mixed?: readonly string[];
  readonly none?: true;
}
export interface Span {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly attributes: Readonly<Record<string, string>>;
}
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}
export interface Relation {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}
export type Side = "source" | "target";
export interface TranslationError {
  readonly side: Side;
  readonly start: number;
  readonly end: number;
  readonly category: string;
  readonly severity: string;
}
export interface ErrorsAnswer {
  readonly errors: readonly TranslationError[];
  readonly score?: number;
}
export interface PairwiseAnswer {
  readonly preferred: "a" | "b" | "tie";
  readonly strength?: number;
  readonly reason?: string;
}
export type RankingAnswer = readonly (readonly string[])[];

export type Answer =
  | string
  | number
  | readonly string[]
  | LanguageAnswer
  | readonly Span[]
  | readonly Token[]
  | readonly Relation[]
  | ErrorsAnswer
  | PairwiseAnswer
  | RankingAnswer;
export type Answers = Readonly<Record<string, Answer>>;
export type Content = Readonly<Record<string, unknown>>;

export interface Suggestion {
  readonly value: Answer;
  readonly confidence?: number;
  readonly model?: string;
}

export interface Lease {
  readonly lease: string;
  readonly schema: number;
  readonly expires: string;
  readonly serve?: number;
  readonly language: string;
  readonly direction?: string;
  readonly severity: number;
  readonly hazards: readonly string[];
  readonly content: Content;
  readonly suggestions?: Readonly<Record<string, Suggestion>>;
  readonly shuffle?: boolean;
}

export interface Nothing {
  readonly reason: string;
  readonly message: string;
  readonly until: string | null;
}
export interface NextReply {
  readonly leases: readonly Lease[];
  readonly nothing: Nothing | null;
  readonly today?: number;
  readonly break_in?: number | null;
}

export interface Answered {
  readonly lease: string;
  readonly annotation?: string;
  readonly revision?: number;
  readonly schema: number;
  readonly content: Content;
  readonly answers: Answers;
  readonly language: string;
  readonly severity: number;
  readonly hazards: readonly string[];
  readonly shuffle?: boolean;
  readonly at: string;
}

export interface Problem {
  readonly question?: string;
  readonly path?: string;
  readonly message: string;
}

export interface Config {
  readonly project: { readonly id: string; readonly name: string };
  readonly person: { readonly id: string; readonly keys: Readonly<Record<string, string>>; readonly text_size?: number };
  readonly token: string;
  readonly expires: string;
  readonly urls: Readonly<Record<"next" | "submit" | "skip" | "token" | "schema" | "recent" | "inquiry" | "keys" | "reveal", string>>;
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly strings?: Readonly<Record<string, string>>;
  readonly language?: string;
  /** Languages by tag: the name in the reader's language, and in English. */
  readonly languages?: Readonly<Record<string, readonly [string, string]>>;
  readonly contacts?: readonly { readonly name: string; readonly detail: string }[];
  readonly prefetch?: number;
  readonly csrf_cookie?: string;
}
