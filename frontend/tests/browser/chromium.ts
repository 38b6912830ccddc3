// Drives Chromium over its own protocol: pages, real key presses, input methods, a network that goes away.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Parameters = Readonly<Record<string, unknown>>;
type Result = Record<string, unknown>;

export const chromiumPath = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => path && existsSync(path),
);

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
  "about:blank",
];

export class Browser {
  #next = 0;
  readonly #waiting = new Map<number, { resolve: (result: Result) => void; reject: (error: Error) => void }>();
  readonly #listeners = new Set<(method: string, params: Result, session: string) => void>();
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener("message", (event) =>
      this.#hear(
        JSON.parse(String(event.data)) as {
          id?: number;
          result?: Result;
          error?: { message: string };
          method?: string;
          params?: Result;
          sessionId?: string;
        },
      ),
    );
  }

  static async launch(): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), "chromium-"));
    const process = spawn(chromiumPath ?? "", [...FLAGS, `--user-data-dir=${profile}`], { stdio: ["ignore", "ignore", "pipe"] });
    const address = await new Promise<string>((resolve, reject) => {
      let heard = "";
      process.stderr?.on("data", (piece: Buffer) => {
        heard += piece.toString();
        const found = /DevTools listening on (ws:\S+)/.exec(heard)?.[1];
        if (found) resolve(found);
      });
      process.on("exit", () => reject(new Error(`Chromium did not start: ${heard}`)));
    });
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    return new Browser(process, profile, socket);
  }

  send(method: string, params: Parameters = {}, sessionId?: string): Promise<Result> {
    const id = ++this.#next;
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  listen(hear: (method: string, params: Result, session: string) => void): void {
    this.#listeners.add(hear);
  }

  /** A person's browser: pages of one context share storage and locks. */
  async context(): Promise<string> {
    return (await this.send("Target.createBrowserContext"))["browserContextId"] as string;
  }

  async page(url: string, given: { context?: string; width?: number; height?: number } = {}): Promise<Page> {
    const browserContextId = given.context ?? (await this.context());
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank", browserContextId });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId as string, targetId as string);
    await page.prepare(given.width ?? 1280, given.height ?? 800);
    await page.go(url);
    return page;
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#socket.close();
    this.#process.kill();
    await gone;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #hear(message: {
    id?: number;
    result?: Result;
    error?: { message: string };
    method?: string;
    params?: Result;
    sessionId?: string;
  }): void {
    if (message.id === undefined) {
      for (const hear of this.#listeners) hear(message.method ?? "", message.params ?? {}, message.sessionId ?? "");
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error) waiting?.reject(new Error(message.error.message));
    else waiting?.resolve(message.result ?? {});
  }
}

const NAMED: Readonly<Record<string, number>> = {
  Enter: 13,
  Escape: 27,
  Tab: 9,
  Backspace: 8,
  Delete: 46,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
  Home: 36,
  End: 35,
  Pause: 19,
};

/** How a key of an American keyboard is reported. */
function keyEvent(name: string): { key: string; code: string; text: string; windowsVirtualKeyCode: number; modifiers: number } {
  const parts = name === "+" ? [name] : name.split("+");
  const key = parts.at(-1) as string;
  const modifiers =
    (parts.includes("Alt") ? 1 : 0) | (parts.includes("Control") ? 2 : 0) | (parts.includes("Shift") || /^[A-Z?]$/.test(key) ? 8 : 0);
  if (key in NAMED)
    return { key, code: key, text: key === "Enter" && modifiers === 0 ? "\r" : "", windowsVirtualKeyCode: NAMED[key] ?? 0, modifiers };
  const code = /^[a-z]$/i.test(key)
    ? `Key${key.toUpperCase()}`
    : /^\d$/.test(key)
      ? `Digit${key}`
      : ({ "/": "Slash", "?": "Slash", ",": "Comma", ".": "Period", " ": "Space" }[key] ?? "");
  return { key, code, text: modifiers & 3 ? "" : key, windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0), modifiers };
}

type Point = readonly [number, number];

export class Page {
  /** Script errors, console errors and refusals by the content security policy. */
  readonly errors: string[] = [];
  readonly #browser: Browser;
  readonly #session: string;
  readonly #target: string;

  constructor(browser: Browser, session: string, target: string) {
    this.#browser = browser;
    this.#session = session;
    this.#target = target;
    browser.listen((method, params, from) => {
      if (from === session) this.#hear(method, params);
    });
  }

  send(method: string, params: Parameters = {}): Promise<Result> {
    return this.#browser.send(method, params, this.#session);
  }

  async prepare(width: number, height: number): Promise<void> {
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await this.send(`${domain}.enable`);
    await this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 500 });
    await this.send("Emulation.setFocusEmulationEnabled", { enabled: true });
  }

  async go(url: string): Promise<void> {
    await this.send("Page.navigate", { url });
    await this.until("document.readyState === 'complete'");
  }

  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true })) as {
      result: { value: T };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    };
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Wait until something holds on the page. */
  async until(expression: string, ms = 8000): Promise<void> {
    const end = Date.now() + ms;
    for (;;) {
      const holds = await this.evaluate<boolean>(`Boolean(${expression})`).catch(() => false);
      if (holds) return;
      if (Date.now() > end)
        throw new Error(
          `Never came true: ${expression}\n${await this.evaluate<string>("document.body.innerText.slice(0, 1500)")}\n${this.errors.join("\n")}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  async press(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const event = keyEvent(name);
      await this.send("Input.dispatchKeyEvent", {
        type: event.text === "" ? "rawKeyDown" : "keyDown",
        ...event,
        unmodifiedText: event.text,
      });
      await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event, text: "" });
    }
  }

  /** A key as another layout reports it. */
  async pressAs(key: string, code: string): Promise<void> {
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", key, code, text: key });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key, code });
  }

  async type(text: string): Promise<void> {
    await this.send("Input.insertText", { text });
  }

  /** An input method at work: each stage of the composition, then what it becomes. */
  async compose(stages: readonly string[], committed: string): Promise<void> {
    for (const stage of stages) {
      await this.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Process", code: "KeyA", windowsVirtualKeyCode: 229 });
      await this.send("Input.imeSetComposition", { text: stage, selectionStart: stage.length, selectionEnd: stage.length });
    }
    await this.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Process", code: "Enter", windowsVirtualKeyCode: 229 });
    await this.send("Input.insertText", { text: committed });
  }

  async click(selector: string): Promise<void> {
    const [x, y] = await this.evaluate<[number, number]>(
      `(() => { const box = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2]; })()`,
    );
    await this.drag([[x, y]]);
  }

  /** Press at the first point, move over the rest, release at the last. */
  async drag(points: readonly Point[]): Promise<void> {
    const mouse = (type: string, at: Point): Promise<Result> =>
      this.send("Input.dispatchMouseEvent", {
        type,
        x: at[0],
        y: at[1],
        button: "left",
        buttons: type === "mouseReleased" ? 0 : 1,
        clickCount: 1,
      });
    const [first, last]: Point[] = [points[0] ?? [0, 0], points.at(-1) ?? [0, 0]];
    if (!first || !last) return;
    await mouse("mousePressed", first);
    for (const point of points.slice(1)) await mouse("mouseMoved", point);
    await mouse("mouseReleased", last);
  }

  async offline(isOffline: boolean): Promise<void> {
    await this.send("Network.emulateNetworkConditions", { offline: isOffline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from((await this.send("Page.captureScreenshot"))["data"] as string, "base64");
  }

  /** The tab is gone at once, without its farewell. */
  async kill(): Promise<void> {
    void this.send("Page.crash").catch(() => undefined); // it dies before it can answer
    await new Promise((resolve) => setTimeout(resolve, 300));
    await this.close();
  }

  async close(): Promise<void> {
    await this.#browser.send("Target.closeTarget", { targetId: this.#target }).catch(() => undefined);
  }

  #hear(method: string, params: Result): void {
    if (method === "Runtime.exceptionThrown")
      this.errors.push(
        JSON.stringify((params["exceptionDetails"] as { exception?: { description?: string } }).exception?.description ?? params),
      );
    if (method === "Log.entryAdded") {
      const entry = params["entry"] as { level: string; text: string; source: string };
      if (entry.level === "error" && entry.source !== "network") this.errors.push(entry.text);
    }
  }
}
