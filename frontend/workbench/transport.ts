// Speaks to the server: bearer token, renewed when it is refused, and every failure told apart.

import type { Problem } from "./types.ts";

export type Reply =
  | { readonly is: "ok"; readonly body: unknown }
  | { readonly is: "refused"; readonly status: number; readonly message: string; readonly problems: readonly Problem[] }
  | { readonly is: "away"; readonly after: number | null }
  /** With the server's words where the person may no longer work here. */
  | { readonly is: "logged-out"; readonly message?: string };

export interface Transport {
  post(url: string, body: unknown): Promise<Reply>;
  /** With the session's cookie instead of the token. */
  session(url: string, body?: unknown): Promise<Reply>;
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Given {
  readonly fetch: Fetch;
  readonly token: string;
  readonly tokenUrl: string;
  readonly csrf: () => string;
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function refusedBy(status: number, body: unknown): Reply {
  const { detail, title, problems } = (body ?? {}) as { detail?: string; title?: string; problems?: readonly Problem[] };
  return { is: "refused", status, message: detail ?? title ?? problems?.[0]?.message ?? String(status), problems: problems ?? [] };
}

async function replyOf(response: Response): Promise<Reply> {
  if (response.redirected || response.status === 401) return { is: "logged-out" };
  if (response.status >= 500 || response.status === 429 || response.status === 408)
    return { is: "away", after: Number(response.headers.get("Retry-After")) || null };
  const body = await jsonOf(response);
  if (!response.ok) return refusedBy(response.status, body);
  return response.status !== 204 && body === null ? { is: "away", after: null } : { is: "ok", body };
}

/** No new token: without words of the server's own it is a log-in that has ended. */
function barred({ status, message }: Extract<Reply, { is: "refused" }>): Reply {
  return message === String(status) ? { is: "logged-out" } : { is: "logged-out", message };
}

export function transportOf(given: Given): Transport {
  let token = given.token;
  let renewing: Promise<Reply> | null = null;

  async function send(url: string, body: unknown, headers: Record<string, string>): Promise<Reply> {
    const init: RequestInit = body === undefined ? { method: "GET" } : { method: "POST", body: JSON.stringify(body) };
    try {
      return await replyOf(
        await given.fetch(url, {
          ...init,
          headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
          credentials: "same-origin",
          signal: AbortSignal.timeout(20_000),
        }),
      );
    } catch {
      return { is: "away", after: null };
    }
  }

  function session(url: string, body?: unknown): Promise<Reply> {
    return send(url, body, body === undefined ? {} : { "X-CSRFToken": given.csrf() });
  }

  /** Several refused calls share one renewal. */
  async function renew(): Promise<Reply> {
    renewing ??= session(given.tokenUrl, {}).finally(() => {
      renewing = null;
    });
    const reply = await renewing;
    if (reply.is === "ok") token = (reply.body as { token: string }).token;
    return reply.is === "refused" ? barred(reply) : reply;
  }

  async function post(url: string, body: unknown): Promise<Reply> {
    const first = await send(url, body, { Authorization: `Bearer ${token}` });
    if (first.is !== "logged-out") return first;
    const renewed = await renew();
    if (renewed.is !== "ok") return renewed;
    return send(url, body, { Authorization: `Bearer ${token}` });
  }

  return { post, session };
}
