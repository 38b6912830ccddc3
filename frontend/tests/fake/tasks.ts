// Tasks with items in many scripts, written for the tests.

import type { Answered, Content, Label, Question, Schema, Suggestion } from "../../workbench/types.ts";

export interface Task {
  readonly name: string;
  readonly schema: Schema;
  /** What the person answered before. */
  readonly answered?: readonly Answered[];
  readonly items: readonly {
    readonly language: string;
    readonly content: Content;
    readonly severity?: number;
    readonly hazards?: readonly string[];
    readonly suggestions?: Readonly<Record<string, Suggestion>>;
    readonly shuffle?: boolean;
  }[];
}

const text = { kind: "text", field: "text" } as const;

export function labels(...names: readonly string[]): Label[] {
  return names.map((name, index) => ({ value: name.toLowerCase().replaceAll(" ", "_"), name, key: "", colour: (index % 8) + 1, hint: "" }));
}

const comments: readonly [string, string][] = [
  ["ja", "この店、思ったより よかった😂  でも接客はちょっと…"],
  ["ar", "المطعم حلو بس الأسعار 120 ريال للوجبة كثير 😅 وخدمة الـ delivery بطيئة"],
  ["id", "Kopinya enak banget sih, tapi nunggunya lamaaa… worth it lah buat nongkrong ☕"],
  ["th", "อาหารอร่อยมากกก แต่ที่จอดรถหายากหน่อย พนักงานยิ้มแย้มดีค่ะ 😊"],
  ["hi", "खाना अच्छा था लेकिन सर्विस थोड़ी slow थी, फिर भी family के साथ मज़ा आया 👨‍👩‍👧‍👦"],
  ["zh", "味道不错，就是排队排了一个小时，下次早点来。"],
  ["ko", "분위기는 좋은데 가격이 좀… 그래도 또 갈 듯 ㅋㅋ"],
  ["my", "အစားအသောက်က အရမ်းကောင်းတယ် ဒါပေမယ့် စောင့်ရတာ ကြာတယ်။"],
  ["vi", "Quán xinh, nước ngon, nhưng wifi chập chờn quá trời 😤"],
  ["en", "Not bad at all — I'd go back, if only for the mango sticky rice."],
  ["fil", "Masarap yung adobo pero ang init sa loob, walang aircon hahaha"],
  ["es", "Muy rico todo, aunque tardaron muchísimo en traer la cuenta."],
];

const sentiment: Question[] = [
  {
    id: "sentiment",
    kind: "choice",
    prompt: "Sentiment",
    hint: "",
    required: true,
    guideline: "#mixed",
    labels: labels("Positive", "Neutral", "Negative", "Mixed"),
  },
  {
    id: "why",
    kind: "choices",
    prompt: "What is mixed?",
    hint: "All that apply",
    required: true,
    show_when: { question: "sentiment", is: ["mixed"] },
    labels: labels("Food", "Service", "Price", "Place"),
  },
  {
    id: "sure",
    kind: "rating",
    prompt: "How sure are you?",
    required: false,
    min: 1,
    max: 5,
    names: ["a guess", "", "fairly", "", "certain"],
  },
];

const words = ["Jakarta", "kopi", "hujan", "مدينة", "東京の夜", "สวัสดี", "and", "the", "rumah", "👨‍👩‍👧", "नमस्ते", "traffic"];
const longText = Array.from(
  { length: 16_000 },
  (_, index) => words[(index * 7 + (index >> 3)) % words.length] + (index % 40 === 39 ? "\n" : " "),
)
  .join("")
  .slice(0, 100_000);
const longSpans = Array.from({ length: 2000 }, (_, index) => ({
  id: `s${index + 1}`,
  start: index * 45,
  end: index * 45 + 9,
  label: ["person", "place", "organisation", "product"][index % 4] ?? "person",
  attributes: {},
}));
const longQuestions: Question[] = [
  {
    id: "names",
    kind: "spans",
    prompt: "Names",
    field: "text",
    overlap: "allow",
    snap: "grapheme",
    labels: labels("Person", "Place", "Organisation", "Product"),
  },
];

export const tasks: Readonly<Record<string, Task>> = {
  sentiment: {
    name: "Sentiment SEA",
    schema: { displays: [text], questions: sentiment },
    items: comments.map(([language, words]) => ({ language, content: { text: words } })),
  },
  veiled: {
    name: "Safety policy",
    schema: { displays: [text], questions: sentiment },
    items: comments.map(([language, words]) => ({ language, content: { text: words }, severity: 3, hazards: ["insult"] })),
  },
  language: {
    name: "Language of comments",
    schema: {
      displays: [text],
      questions: [
        {
          id: "lang",
          kind: "language",
          prompt: "Language",
          hint: "The variety, if you can tell",
          tags: ["id", "jv", "su", "ms", "min", "en"],
          allow: ["mixed", "none", "variety"],
        },
        { id: "note", kind: "text", prompt: "Note", required: false, max_length: 120, multiline: false },
      ],
    },
    items: comments.map(([language, words]) => ({
      language: "und",
      content: { text: words },
      suggestions: { lang: { value: { tag: language }, confidence: 0.82, model: "detector" } },
    })),
  },
  writing: {
    name: "Translation",
    schema: {
      displays: [text],
      questions: [
        {
          id: "translation",
          kind: "text",
          prompt: "Translation into English",
          hint: "As a native speaker would say it",
          language: "en",
          min_length: 3,
          max_length: 300,
          not_copy_of: "text",
          multiline: true,
        },
        { id: "fluency", kind: "slider", prompt: "How hard was it?", min: 0, max: 100, step: 5, required: false },
      ],
    },
    items: comments.map(([language, words]) => ({ language, content: { text: words } })),
  },
  spans: {
    name: "Names and places",
    schema: {
      displays: [text, { kind: "facts", field: "meta" }],
      questions: [
        {
          id: "names",
          kind: "spans",
          prompt: "Names",
          field: "text",
          overlap: "nest",
          snap: "grapheme",
          labels: labels("Person", "Place", "Organisation", "Product"),
          attributes: [{ id: "certain", name: "Certain?", labels: labels("Sure", "Unsure") }],
        },
        { id: "links", kind: "relations", prompt: "Relations", spans: "names", required: false, labels: labels("works for", "located in") },
      ],
    },
    items: [
      {
        language: "en",
        content: {
          text: "Siti Aminah of the Universitas Gadjah Mada in Yogyakarta ordered a kopi 👨‍👩‍👧‍👦 at Warung Bu Tini\nand paid by GoPay.",
          meta: { source: "review", year: 2025 },
        },
      },
      {
        language: "ar",
        content: {
          text: "سافر أحمد من القاهرة إلى دبي يوم 12 مايو 2024 مع شركة Emirates.\nThen he wrote: ‮abc‬ مرحبا",
          meta: { source: "forum" },
        },
      },
      { language: "th", content: { text: "คุณสมชายทำงานที่จุฬาลงกรณ์มหาวิทยาลัยในกรุงเทพฯ", meta: {} } },
      { language: "hi", content: { text: "राहुल शर्मा दिल्ली में टाटा मोटर्स के लिए काम करते हैं।", meta: {} } },
    ],
  },
  tokens: {
    name: "Code-switching",
    schema: {
      displays: [text],
      questions: [
        {
          id: "language",
          kind: "tokens",
          prompt: "Language of each word",
          field: "text",
          labels: labels("Indonesian", "Javanese", "English", "Name", "Other"),
        },
      ],
    },
    items: [
      {
        language: "id",
        content: {
          text: "Aku wis ngomong karo @budi_88, but he said nanti aja deh, please understand ya 😭 #curhat https://example.org/a",
        },
      },
      { language: "ar", content: { text: "أنا رايح الـ meeting بكرة ان شاء الله see you there" } },
      { language: "th", content: { text: "วันนี้ไปช้อปปิ้งที่ mall มา sale เยอะมาก" } },
      { language: "ja", content: { text: "今日はmeetingがあるから先にlunch行ってて。" } },
    ],
  },
  errors: {
    name: "Translation quality en–de",
    schema: {
      displays: [{ kind: "parallel", source: { field: "source" }, target: { field: "target" } }],
      questions: [
        {
          id: "mqm",
          kind: "errors",
          prompt: "Errors",
          source: "source",
          target: "target",
          score: true,
          categories: labels("Accuracy", "Fluency", "Terminology", "Style", "Omission"),
          severities: [
            { ...labels("Minor")[0], weight: 1 },
            { ...labels("Major")[0], weight: 5 },
            { ...labels("Critical")[0], weight: 25 },
          ] as Label[],
        },
      ],
    },
    items: [
      {
        language: "de",
        content: {
          source: "The committee postponed its decision until the end of the month, citing a lack of reliable figures.",
          source_language: "en",
          target: "Das Komitee hat seine Entscheidung verschoben und verwies auf mangelnde zuverlässige Zahlen.",
        },
      },
      {
        language: "de",
        content: {
          source: "She poured herself a second coffee and read the letter again.",
          source_language: "en",
          target: "Sie goss sich einen zweiten Kaffee und las die Brief nochmals.",
        },
      },
    ],
  },
  pairwise: {
    name: "Preference",
    schema: {
      displays: [{ kind: "conversation", field: "turns" }],
      questions: [
        { id: "better", kind: "pairwise", prompt: "Which reply is better?", a: "a", b: "b", strengths: 3, reason: "optional", tie: true },
      ],
    },
    items: [
      {
        language: "en",
        shuffle: true,
        content: {
          turns: [{ role: "user", text: "How do I say “thank you” politely in Javanese?" }],
          a: "You can say “matur nuwun”, which is polite in almost every situation.",
          b: "Say terima kasih.",
        },
      },
      {
        language: "ar",
        content: {
          turns: [
            { role: "user", text: "ما معنى كلمة لهجة؟" },
            { role: "assistant", text: "هل تقصد في علم اللغة؟" },
            { role: "user", text: "نعم" },
          ],
          a: "اللهجة طريقة للتحدث بلغة ما في منطقة معينة.",
          b: "هي كلمة.",
        },
      },
    ],
  },
  ranking: {
    name: "Ranking",
    schema: {
      displays: [{ kind: "markdown", field: "note" }],
      questions: [
        { id: "order", kind: "ranking", prompt: "Best first", fields: ["one", "two", "three"] },
        {
          id: "topic",
          kind: "tree",
          prompt: "Topic",
          required: false,
          labels: [
            { ...labels("Food")[0], labels: labels("Drinks", "Street food", "Restaurants") },
            {
              ...labels("Travel")[0],
              colour: 2,
              labels: [{ ...labels("Transport")[0], labels: labels("Train", "Bus", "Ferry") }, ...labels("Hotels")],
            },
            { ...labels("Sport")[0], colour: 3, labels: [] },
          ] as Label[],
        },
      ],
    },
    items: [
      {
        language: "en",
        content: {
          note: "## Summaries\n\nThree summaries of **one** review:\n\n- order them\n- ties are allowed",
          one: "Good coffee, slow service.",
          two: "The coffee is good, the service is slow, and the place is full at noon.",
          three: "Coffee.",
        },
      },
    ],
  },
  suggested: {
    name: "With suggestions",
    schema: {
      displays: [text],
      questions: [
        { id: "mood", kind: "choice", prompt: "Mood", labels: labels("Good", "Bad") },
        {
          id: "topic",
          kind: "tree",
          prompt: "Topic",
          required: false,
          labels: [{ ...labels("Travel")[0], labels: labels("Ferry") }] as Label[],
        },
        { id: "better", kind: "pairwise", prompt: "Better", required: false, a: "one", b: "two", strengths: 3 },
        { id: "much", kind: "slider", prompt: "How much", required: false, min: 0, max: 100, step: 10 },
        { id: "names", kind: "spans", prompt: "Names", required: false, field: "text", labels: labels("Name") },
        { id: "order", kind: "ranking", prompt: "Best first", required: false, fields: ["one", "two", "three"] },
      ],
    },
    items: [
      {
        language: "id",
        shuffle: true,
        content: { text: "Siti naik feri.", one: "1", two: "2", three: "3" },
        suggestions: {
          mood: { value: "good", confidence: 0.82 },
          topic: { value: ["travel", "ferry"] },
          better: { value: { preferred: "a", strength: 2 } },
          much: { value: 70 },
          names: { value: [{ id: "s1", start: 0, end: 4, label: "name", attributes: {} }] },
          order: { value: [["one"], ["two", "three"]] },
        },
      },
      { language: "id", content: { text: "Tanpa saran.", one: "1", two: "2", three: "3" } },
    ],
  },
  media: {
    name: "Image policy",
    schema: {
      displays: [{ kind: "image", field: "url" }, text],
      questions: [{ id: "ok", kind: "choice", prompt: "Allowed?", labels: labels("Yes", "No") }],
    },
    items: [{ language: "en", severity: 2, hazards: ["violence"], content: { url: "/static/missing.png", text: "caption" } }],
  },
  long: {
    name: "A long document",
    schema: { displays: [text], questions: longQuestions },
    items: [{ language: "en", content: { text: longText } }],
    answered: [
      {
        lease: "earlier".padEnd(32, "0"),
        schema: 1,
        content: { text: longText },
        answers: { names: longSpans },
        language: "en",
        severity: 0,
        hazards: [],
        at: "2026-01-01T08:00:00Z",
      },
    ],
  },
  quick: {
    name: "Quick",
    schema: { displays: [text], questions: sentiment },
    items: Array.from({ length: 140 }, (_, index) => ({
      language: comments[index % comments.length]?.[0] ?? "en",
      content: { text: `${comments[index % comments.length]?.[1]} ${index}` },
    })),
  },
};
