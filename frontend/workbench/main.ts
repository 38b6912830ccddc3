// Starts the workbench on its page.

import { knowLanguages } from "./languages.ts";
import { installStrokes } from "./paint.ts";
import { browserStore, memoryStore } from "./store.ts";
import { translator, withKeyDigits } from "./strings.ts";
import { transportOf } from "./transport.ts";
import type { Config } from "./types.ts";
import { Workbench } from "./workbench.ts";
import { h } from "./dom.ts";

async function start(): Promise<void> {
  const main = document.getElementById("workbench");
  const source = document.getElementById("workbench-config");
  if (!main || !source) return;
  const given = JSON.parse(source.textContent ?? "{}") as Config;
  const config = { ...given, language: withKeyDigits(given.language ?? "en") };
  const t = translator(config.strings ?? {}, config.language);
  document.documentElement.style.setProperty("--text-size", `${Math.min(28, Math.max(14, config.person.text_size ?? 18))}px`);
  knowLanguages(config.languages ?? {});
  installStrokes();
  const bench = new Workbench({
    config,
    main,
    t,
    aside: document.getElementById("guideline"),
    statusPlace: document.getElementById("workbench-status") ?? main.parentElement?.insertBefore(h("div"), main) ?? main,
    store: await browserStore().catch(memoryStore),
    transport: transportOf({
      fetch: (url, init) => fetch(url, init),
      token: config.token,
      tokenUrl: config.urls.token,
      csrf: () => csrfToken(config.csrf_cookie),
    }),
  });
  listen(bench);
  hold(bench, config.person.id);
}

/** The cookie changes when somebody logs in again in another tab; what stands on the page does not. */
function csrfToken(cookie: string | undefined): string {
  const held = document.cookie.split("; ").find((each) => cookie && each.startsWith(`${cookie}=`));
  return held?.slice((cookie?.length ?? 0) + 1) ?? document.querySelector<HTMLMetaElement>("meta[name='csrf-token']")?.content ?? "";
}

function listen(bench: Workbench): void {
  document.addEventListener("keydown", (event) => bench.onPause(event), { capture: true });
  document.addEventListener("keydown", (event) => bench.onKey(event));
  for (const name of ["keydown", "pointermove", "pointerdown", "scroll", "input"])
    document.addEventListener(name, () => bench.onStir(), { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => bench.onVisibility(!document.hidden));
  addEventListener("pagehide", () => bench.onVisibility(false));
  addEventListener("blur", () => {
    if (!document.hasFocus()) bench.onBlur();
  });
  addEventListener("online", () => bench.onOnline());
  setInterval(() => bench.tick(), 10_000);
}

/** One tab of a person is active: it holds the lock; another may take it. */
function hold(bench: Workbench, person: string): void {
  const name = `isogloss-${person}`;
  const request = (options: LockOptions): void => {
    navigator.locks
      .request(name, options, (lock) => {
        if (!lock) {
          bench.stop(() => request({ steal: true }));
          return undefined;
        }
        void bench.start();
        return new Promise<never>(() => {}); // held until the tab goes or another takes it
      })
      .catch(() => bench.stop(() => request({ steal: true })));
  };
  request({ ifAvailable: true });
}

void start();
