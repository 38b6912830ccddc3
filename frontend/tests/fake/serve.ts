// Serves the bundle with the fake server, to look at: node tests/fake/serve.ts BUNDLE PORT

import { Fake } from "./server.ts";

const [bundle = "../src/isogloss/web/static/isogloss", port = "8123"] = process.argv.slice(2);
new Fake(bundle).server.listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/sentiment/`));
