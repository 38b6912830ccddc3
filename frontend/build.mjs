// Bundles the workbench, the site's script and the styles into the folder given as argument.
import { build } from "esbuild";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { english } from "./workbench/strings.ts";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = resolve(process.argv[2] ?? `${here}/../src/isogloss/web/static/isogloss`);

await mkdir(outdir, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: { workbench: "workbench/main.ts", site: "site/main.ts", schema: "site/schema.ts", bench: "site/bench.ts", style: "styles/style.css" },
  outdir,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2023", "chrome123", "firefox128", "safari17.5"],
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
await copyFile(`${here}/site/icon.svg`, `${outdir}/icon.svg`);
// The workbench's words, for the translations that the server sends with the page.
await writeFile(`${outdir}/strings.json`, JSON.stringify(english, null, 1));
