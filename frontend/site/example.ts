// Invented content for a schema's preview, where the project has none of a field.

import type { Content, Display, Question, Schema } from "../workbench/types.ts";

const TEXT = "Kopi di warung ini enak banget 😂 but the queue was sooo long… antri setengah jam!";
const ANSWERS = ["Berlin has been the capital of Germany since 1990.", "The capital of Germany is Bonn."];
const PAIR = { source: "The meeting was moved to Friday morning.", target: "Rapat dipindahkan ke hari Jumat pagi." };

const LANGUAGES: ReadonlyMap<unknown, string> = new Map([
  [TEXT, "id"],
  [PAIR.source, "en"],
  [PAIR.target, "id"],
  ...ANSWERS.map((each) => [each, "en"] as const),
]);

function ofDisplay(display: Display): Record<string, unknown> {
  switch (display.kind) {
    case "parallel":
      return { [display.source.field]: PAIR.source, [display.target.field]: PAIR.target };
    case "conversation":
      return {
        [display.field]: [
          { role: "user", text: "What is the capital of Germany?" },
          { role: "assistant", text: ANSWERS[0] },
        ],
      };
    case "facts":
      return { [display.field]: { channel: "review", stars: "4" } };
    case "markdown":
      return { [display.field]: "A **note** beside the text." };
    case "image":
    case "audio":
    case "video":
      return { [display.field]: "" };
    case "text":
      return { [display.field]: TEXT };
  }
}

function ofQuestion(question: Question): Record<string, unknown> {
  switch (question.kind) {
    case "spans":
    case "tokens":
      return { [question.field]: TEXT };
    case "errors":
      return { [question.source]: PAIR.source, [question.target]: PAIR.target };
    case "pairwise":
      return { [question.a]: ANSWERS[0], [question.b]: ANSWERS[1] };
    case "ranking":
      return Object.fromEntries((question.fields ?? []).map((field, index) => [field, ANSWERS[index % 2]]));
    default:
      return {};
  }
}

/** The content with something invented in every field that the schema shows and the content lacks, and what language that is in. */
export function filled(schema: Schema, content: Content): Content {
  const invented: Record<string, unknown> = Object.assign({}, ...schema.questions.map(ofQuestion), ...schema.displays.map(ofDisplay));
  const languages = Object.entries(invented).flatMap(([field, value]) => {
    const language = field in content ? undefined : LANGUAGES.get(value);
    return language === undefined ? [] : [[`${field}_language`, language] as const];
  });
  return { ...invented, ...Object.fromEntries(languages), ...content };
}
