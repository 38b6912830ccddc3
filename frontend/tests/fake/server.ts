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

export interface Fake {
  readonly server: Server;
  readonly answered: Map<string, Record<string, unknown>[]>;
  readonly skipped: Record<string, unknown>[];
  /** Answer the next calls to the hot URLs with this status. */
  failing: number | null;
  /** Refuse submits with these words. */
  refusing: string | null;
  readonly revealed: Record<string, unknown>[];
  readonly asked: Record<string, unknown>[];
  keys: unknown;
}

/** Serve a bundle and the tasks at `/TASK`; query: theme, dir, lang, size, severity. */
export function fakeServer(bundle: string): Fake {
  const fake: Fake = {
    server: createServer(
      (request, response) =>
        void route(request, response).catch((error: unknown) => {
          response.writeHead(500).end(String(error));
        }),
    ),
    answered: new Map(),
    skipped: [],
    failing: null,
    refusing: null,
    revealed: [],
    asked: [],
    keys: null,
  };
  const left = new Map<string, Lease[]>();

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const [, first = "", second = ""] = url.pathname.split("/");
    if (second === "icon.svg") return void response.writeHead(204).end();
    if (first === "static") return file(response, join(bundle, second));
    if (first === "sample")
      return html(
        response,
        (await readFile(join(here, "sample.html"), "utf8"))
          .replace("{{theme}}", url.searchParams.get("theme") ?? "")
          .replace("{{direction}}", url.searchParams.get("dir") ?? "ltr"),
      );
    const task = tasks[first];
    if (!task) return json(response, 404, { title: "no such task" });
    if (second === "") return page(response, first, task, url.searchParams);
    const body = request.method === "POST" ? (JSON.parse((await text(request)) || "{}") as Record<string, unknown>) : {};
    if (fake.failing !== null && ["next", "submit", "skip"].includes(second)) return json(response, fake.failing, { title: "failing" });
    answer(response, first, task, second, body);
  }

  function answer(response: ServerResponse, name: string, task: Task, act: string, body: Record<string, unknown>): void {
    const queue = left.get(name) ?? leasesOf(name, task);
    left.set(name, queue);
    const given = fake.answered.get(name) ?? [];
    fake.answered.set(name, given);
    switch (act) {
      case "next": {
        const leases = queue.slice(0, Number(body["want"] ?? 5));
        return json(response, 200, {
          leases,
          nothing: leases.length > 0 ? null : { reason: "all_done", message: "All done here. Thank you.", until: null },
          today: given.length,
          break_in: 1320,
        });
      }
      case "submit": {
        if (fake.refusing !== null) return json(response, 422, { title: fake.refusing, problems: [] });
        const known = given.find((each) => each["key"] === body["key"]);
        left.set(
          name,
          queue.filter((lease) => lease.lease !== body["lease"]),
        );
        const isCorrection = given.some((each) => each["lease"] === body["lease"]);
        if (!known) given.push(body);
        return json(response, 200, {
          state: known ? "repeat" : isCorrection ? "correction" : "counted",
          annotation: "0".repeat(32),
          revision: isCorrection ? 1 : 0,
          today: given.length,
        });
      }
      case "skip":
        left.set(
          name,
          queue.filter((lease) => lease.lease !== body["lease"]),
        );
        fake.skipped.push(body);
        return json(response, 200, { state: "skipped" });
      case "token":
        return json(response, 200, { token: "renewed", expires: new Date(Date.now() + 900_000).toISOString() });
      case "recent":
        return json(response, 200, { answered: task.answered ?? [] });
      case "inquiry":
        fake.asked.push(body);
        return json(response, 201, {});
      case "reveal":
        fake.revealed.push(body);
        return json(response, 200, {});
      case "keys":
        fake.keys = body["keys"];
        return json(response, 200, {});
      default:
        return json(response, 200, {});
    }
  }
  return fake;
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
