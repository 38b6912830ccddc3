// The transport: one renewal for many refused calls, and every failure told apart.

import assert from "node:assert/strict";
import { test } from "node:test";
import { transportOf } from "../workbench/transport.ts";
import type { Transport } from "../workbench/transport.ts";

interface Call {
  readonly url: string;
  readonly bearer: string | undefined;
  readonly csrf: string | undefined;
}

function aTransport(answer: (call: Call) => Response | Promise<Response>): { transport: Transport; calls: Call[] } {
  const calls: Call[] = [];
  const transport = transportOf({
    token: "first",
    tokenUrl: "/token",
    csrf: () => "csrf",
    fetch: async (url, init) => {
      const headers = init.headers as Record<string, string>;
      const call = { url, bearer: headers["Authorization"], csrf: headers["X-CSRFToken"] };
      calls.push(call);
      return answer(call);
    },
  });
  return { transport, calls };
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

test("a hot call carries the token and no session mark", async () => {
  const { transport, calls } = aTransport(() => json({ state: "counted" }));

  assert.deepEqual(await transport.post("/submit", {}), { is: "ok", body: { state: "counted" } });
  assert.deepEqual(calls, [{ url: "/submit", bearer: "Bearer first", csrf: undefined }]);
});

test("an outdated token is renewed once, and the call repeated", async () => {
  const { transport, calls } = aTransport(({ url, bearer }) =>
    url === "/token" ? json({ token: "second" }) : bearer === "Bearer second" ? json({}) : json({}, 401),
  );

  assert.equal((await transport.post("/submit", {})).is, "ok");
  assert.deepEqual(
    calls.map((call) => call.url),
    ["/submit", "/token", "/submit"],
  );
  assert.equal(calls[1]?.csrf, "csrf");
});

test("calls that are refused together share one renewal", async () => {
  const { transport, calls } = aTransport(async ({ url, bearer }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return url === "/token" ? json({ token: "second" }) : bearer === "Bearer second" ? json({}) : json({}, 401);
  });

  await Promise.all([transport.post("/a", {}), transport.post("/b", {}), transport.post("/c", {})]);

  assert.equal(calls.filter((call) => call.url === "/token").length, 1);
});

for (const [name, token] of [
  ["is refused without a word", json({}, 403)],
  ["leads to the log-in page", Object.defineProperty(new Response("<html>"), "redirected", { value: true })],
] as const) {
  test(`a person whose token ${name} is logged out`, async () => {
    const { transport } = aTransport(({ url }) => (url === "/token" ? token : json({}, 401)));

    assert.deepEqual(await transport.post("/submit", {}), { is: "logged-out" });
  });
}

test("a person who may no longer work here is told so in the server's words", async () => {
  const { transport } = aTransport(({ url }) => (url === "/token" ? json({ detail: "You are no member." }, 404) : json({}, 401)));

  assert.deepEqual(await transport.post("/submit", {}), { is: "logged-out", message: "You are no member." });
});

test("a server that cannot be reached, or is busy, is away", async () => {
  const failing = [
    () => Promise.reject(new TypeError("network")),
    () => json({}, 503),
    () => json({}, 500),
    () => new Response("<html>captive portal"),
  ];
  for (const answer of failing) {
    const { transport } = aTransport(answer);

    assert.equal((await transport.post("/submit", {})).is, "away");
  }
});

test("a busy server's time is passed on", async () => {
  const { transport } = aTransport(() => new Response("", { status: 429, headers: { "Retry-After": "9" } }));

  assert.deepEqual(await transport.post("/submit", {}), { is: "away", after: 9 });
});

test("a refusal brings the server's words and problems", async () => {
  const problems = [{ question: "sentiment", path: "", message: "no such label" }];
  const { transport } = aTransport(() => json({ title: "Invalid", detail: "One answer is wrong", problems }, 422));

  assert.deepEqual(await transport.post("/submit", {}), { is: "refused", status: 422, message: "One answer is wrong", problems });
});
