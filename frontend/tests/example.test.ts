// Invented content: every field that a schema shows has something, and what the project has of its own stays.

import assert from "node:assert/strict";
import { test } from "node:test";
import { filled } from "../site/example.ts";
import type { Schema } from "../workbench/types.ts";

const schema: Schema = {
  displays: [
    { kind: "parallel", source: { field: "source" }, target: { field: "target" } },
    { kind: "facts", field: "meta" },
  ],
  questions: [
    { id: "errors", kind: "errors", prompt: "", source: "source", target: "target", categories: [], severities: [] },
    { id: "better", kind: "pairwise", prompt: "", a: "first", b: "second" },
  ],
};

test("every field that is shown or asked about is filled, with its language", () => {
  const content = filled(schema, {});

  assert.deepEqual(
    ["source", "target", "meta", "first", "second"].filter((field) => !(field in content)),
    [],
  );
  assert.equal(content["target_language"], "id");
  assert.equal(content["source_language"], "en");
});

test("what the content has is neither replaced nor said to be in another language", () => {
  const content = filled(schema, { target: "Der Termin wurde verschoben." });

  assert.equal(content["target"], "Der Termin wurde verschoben.");
  assert.equal(content["target_language"], undefined);
});
