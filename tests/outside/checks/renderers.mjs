// Opens the spec in each renderer, takes the command that it shows for the documented bank account, and pastes it into a
// shell.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { parse } from "yaml";
import { openBrowser, skip } from "./support.mjs";

if (skip) {
  console.log(skip);
  process.exit(77);
}

const file = (name) => readFileSync(`node_modules/${name}`);
const page = (body) => `<!doctype html><meta charset="utf-8"><body>${body}</body>`;
const spec = parse(readFileSync(process.env.SPEC, "utf8").replaceAll("http://127.0.0.1:8080", process.env.SANDBOX_URL));
const files = {
  "/openapi.json": JSON.stringify(spec),
  "/redoc.js": file("redoc/bundles/redoc.standalone.js"),
  "/redoc": page('<redoc spec-url="/openapi.json" payload-sample-idx="9"></redoc><script src="/redoc.js"></script>'),
  "/swagger-ui.js": file("swagger-ui-dist/swagger-ui-bundle.js"),
  "/swagger-ui.css": file("swagger-ui-dist/swagger-ui.css"),
  "/swagger-ui": page(`<link rel="stylesheet" href="/swagger-ui.css"><div id="ui"></div><script src="/swagger-ui.js"></script>
    <script>const ui = SwaggerUIBundle({ url: "/openapi.json", dom_id: "#ui", tryItOutEnabled: true, docExpansion: "full",
      onComplete: () => ui.preauthorizeBasic("basicAuth", "any-key", "") });</script>`),
  "/scalar.js": file("@scalar/api-reference/dist/browser/standalone.js"),
  "/scalar": page('<script id="api-reference" data-url="/openapi.json"></script><script src="/scalar.js"></script>'),
};
const server = createServer(({ url }, response) => {
  const body = files[url];
  response.writeHead(body ? 200 : 404, { "content-type": url.endsWith(".js") ? "text/javascript" : "text/html" });
  response.end(body);
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${server.address().port}`;

/** The first shown text that is a command for the documented bank account. */
function shownCommand() {
  const texts = [...document.querySelectorAll("pre, code, textarea, .curl")].map((element) => element.innerText ?? element.value);
  return texts.find((text) => text?.includes("curl") && text.includes("026291800001191"));
}

// The payload of Redoc is text that no server takes, so its commands come first. Swagger UI makes up the command when the request is sent.
const steps = {
  redoc: async () => {},
  "swagger-ui": (tab) => tab.locator("[id$=createAndValidateCustomerAccount]").getByRole("button", { name: "Execute" }).click(),
  scalar: async () => {},
};

const browser = await openBrowser();
try {
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(steps);
  for (const name of names) {
    const tab = await browser.newPage();
    await tab.goto(`${origin}/${name}`);
    try {
      await steps[name](tab);
      await tab.waitForFunction(shownCommand, undefined, { timeout: 180_000 });
    } catch (error) {
      await tab.screenshot({ path: `${name}.png`, fullPage: true });
      throw new Error(`${name} does not show the command`, { cause: error });
    }
    const command = await tab.evaluate(shownCommand);
    console.log(`${name} shows:\n${command}`);
    const response = execFileSync("bash", ["-c", `${command.trimEnd()} -s`], { encoding: "utf8" });
    const statuses = JSON.parse(response).map((account) => account.validation_status);
    if (!statuses.includes("ACTIVE")) throw new Error(`${name}: ${response}`);
    await tab.close();
  }
} finally {
  await browser.close();
  server.close();
}
