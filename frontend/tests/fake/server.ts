// A small server that answers as the product does, for looking at the workbench and for trying its failures.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Lease } from "../../workbench/types.ts";
import { tasks } from "./tasks.ts";
import type { Task } from "./tasks.ts";

const here = dirname(fileURLToPath(import.meta.url));
const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

type Body = Record<string, unknown>;

/** Serve a bundle and the tasks at `/TASK/`; query: theme, dir, lang, size, person, prefetch. */
export class Fake {
  readonly server: Server;
  readonly answered = new Map<string, Body[]>();
  readonly skipped: Body[] = [];
  readonly revealed: Body[] = [];
  readonly asked: Body[] = [];
  keys: unknown = null;
  /** What the account was told of how the person reads, as a form. */
  reading = "";
  /** Answer the hot URLs with this status. */
  failing: number | null = null;
  /** Refuse submits with these words. */
  refusing: string | null = null;
  readonly #bundle: string;
  readonly #left = new Map<string, Lease[]>();

  constructor(bundle: string) {
    this.#bundle = bundle;
    this.server = createServer((request, response) => {
      this.#route(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const [, first = "", second = ""] = url.pathname.split("/");
    if (second === "icon.svg") return response.writeHead(204).end();
    if (first === "static") return file(response, join(this.#bundle, second));
    if (url.pathname === "/account/reading") {
      this.reading = await text(request);
      return response.writeHead(204).end();
    }
    if (first === "sample") return sample(response, url.searchParams);
    const task = tasks[first];
    if (!task) return json(response, 404, { title: "no such task" });
    if (second === "") return page(response, first, task, url.searchParams);
    const body = request.method === "POST" ? (JSON.parse((await text(request)) || "{}") as Body) : {};
    if (this.failing !== null && ["next", "submit", "skip"].includes(second)) return json(response, this.failing, { title: "failing" });
    return this.#answer(response, first, second, body);
  }

  #answer(response: ServerResponse, name: string, act: string, body: Body): void {
    switch (act) {
      case "next":
        return this.#next(response, name, body);
      case "submit":
        return this.#submit(response, name, body);
      case "skip":
        this.skipped.push(body);
        this.#end(name, body);
        return json(response, 200, { state: "skipped" });
      case "token":
        return json(response, 200, { token: "renewed", expires: new Date(Date.now() + 900_000).toISOString() });
      case "recent":
        return json(response, 200, { answered: tasks[name]?.answered ?? [] });
      case "inquiry":
        this.asked.push(body);
        return json(response, 201, {});
      case "reveal":
        this.revealed.push(body);
        return json(response, 200, {});
      default:
        this.keys = body["keys"];
        return json(response, 200, {});
    }
  }

  #given(name: string): Body[] {
    const given = this.answered.get(name) ?? [];
    this.answered.set(name, given);
    return given;
  }

  #queue(name: string): Lease[] {
    return this.#left.get(name) ?? leasesOf(name, tasks[name] as Task);
  }

  #end(name: string, body: Body): void {
    const rest = this.#queue(name).filter((lease) => lease.lease !== body["lease"]);
    this.#left.set(name, rest);
  }

  #next(response: ServerResponse, name: string, body: Body): void {
    const leases = this.#queue(name).slice(0, Number(body["want"] ?? 5));
    const nothing = leases.length > 0 ? null : { reason: "all_done", message: "All done here. Thank you.", until: null };
    json(response, 200, { leases, nothing, today: this.#given(name).length, break_in: 1320 });
  }

  #submit(response: ServerResponse, name: string, body: Body): void {
    if (this.refusing !== null) return json(response, 422, { title: this.refusing, problems: [] });
    const given = this.#given(name);
    const isRepeat = given.some((each) => each["key"] === body["key"]);
    const isCorrection = given.some((each) => each["lease"] === body["lease"]);
    this.#end(name, body);
    if (!isRepeat) given.push(body);
    const state = isRepeat ? "repeat" : isCorrection ? "correction" : "counted";
    json(response, 200, { state, annotation: "0".repeat(32), revision: isCorrection ? 1 : 0, today: given.length });
  }
}

function leasesOf(name: string, task: Task): Lease[] {
  return task.items.map((item, index) => ({
    lease: `${name}${index}`.padEnd(32, "0"),
    schema: 1,
    expires: new Date(Date.now() + 3_600_000).toISOString(),
    language: item.language,
    severity: item.severity ?? 0,
    hazards: item.hazards ?? [],
    content: item.content,
    suggestions: item.suggestions ?? {},
    shuffle: item.shuffle ?? false,
  }));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": status < 400 ? "application/json" : "application/problem+json" }).end(JSON.stringify(body));
}

async function text(request: IncomingMessage): Promise<string> {
  let all = "";
  request.setEncoding("utf8");
  for await (const piece of request) all += piece;
  return all;
}

async function file(response: ServerResponse, path: string): Promise<void> {
  const body = await readFile(path);
  response.writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "text/plain" }).end(body);
}

async function page(response: ServerResponse, name: string, task: Task, query: URLSearchParams): Promise<void> {
  const url = (act: string): string => `/${name}/${act}`;
  const config = {
    project: { id: name, name: task.name },
    person: { id: query.get("person") ?? "p1", keys: {}, text_size: Number(query.get("size") ?? 18) },
    token: "first",
    expires: new Date().toISOString(),
    urls: Object.fromEntries(
      ["next", "submit", "skip", "token", "recent", "inquiry", "keys", "reveal"]
        .map((act) => [act, url(act)])
        .concat([["schema", `/${name}/schema/`]]),
    ),
    schemas: { 1: task.schema },
    strings: {},
    languages: { th: ["Thai", "Thai"], min: ["Minangkabau", "Minangkabau"], ace: ["Acehnese", "Acehnese"], jv: ["Javanese", "Javanese"] },
    language: query.get("lang") ?? "en",
    contacts: [{ name: "Wellbeing officer", detail: "wellbeing@example.org" }],
    ...(query.has("prefetch") ? { prefetch: Number(query.get("prefetch")) } : {}),
  };
  const text = (await readFile(join(here, "page.html"), "utf8"))
    .replaceAll("{{name}}", task.name)
    .replaceAll("{{language}}", query.get("lang") ?? "en")
    .replaceAll("{{direction}}", query.get("dir") ?? "ltr")
    .replaceAll("{{theme}}", query.get("theme") ?? "")
    .replace("{{config}}", () => JSON.stringify(config).replaceAll("<", "\\u003c"));
  html(response, text);
}

function html(response: ServerResponse, page: string): void {
  response
    .writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    })
    .end(page);
}

async function sample(response: ServerResponse, query: URLSearchParams): Promise<void> {
  const text = await readFile(join(here, "sample.html"), "utf8");
  html(response, text.replace("{{theme}}", query.get("theme") ?? "").replace("{{direction}}", query.get("dir") ?? "ltr"));
}
