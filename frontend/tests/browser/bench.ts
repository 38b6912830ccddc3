// Starts the bundle, the fake server and Chromium for the browser tests.

import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Answers } from "../../workbench/types.ts";
import { Fake } from "../fake/server.ts";
import { Browser, chromiumPath } from "./chromium.ts";

/** Why the browser tests cannot run here, or false. */
export const skip = chromiumPath === undefined ? "no Chromium on this machine" : false;

export interface Bench {
  readonly fake: Fake;
  readonly browser: Browser;
  readonly url: (task: string) => string;
  /** What the server holds for a task, in the order it came. */
  readonly stored: (task: string) => Answers[];
  /** Stop answering, as a killed server does; the port stays its own. */
  readonly stopServer: () => Promise<void>;
  readonly startServer: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function aBench(): Promise<Bench> {
  const bundle = mkdtempSync(join(tmpdir(), "bundle-"));
  const built = spawnSync(process.execPath, [fileURLToPath(new URL("../../build.mjs", import.meta.url)), bundle], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(built.stderr);
  const fake = new Fake(bundle);
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => {
      fake.server.listen(port, "127.0.0.1", resolve);
    });
  await listen(0);
  const { port } = fake.server.address() as AddressInfo;
  const browser = await Browser.launch();
  const stopServer = (): Promise<void> =>
    new Promise((resolve) => {
      fake.server.close(() => resolve());
      fake.server.closeAllConnections();
    });
  return {
    fake,
    browser,
    stopServer,
    startServer: () => listen(port),
    url: (task) => `http://127.0.0.1:${port}/${task}`,
    stored: (task) => (fake.answered.get(task) ?? []).map((body) => body["answers"] as Answers),
    close: async () => {
      await browser.close();
      if (fake.server.listening) await stopServer();
      rmSync(bundle, { recursive: true, force: true });
    },
  };
}

/** The item is on the page and waits for an answer. */
export const READY = "document.querySelector('.item .question')";
