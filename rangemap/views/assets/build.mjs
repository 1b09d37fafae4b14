// Bundle the page's modules into one script and one style sheet, which the Python side inlines.
//
//   node build.mjs           write built/
//   node build.mjs --check   fail if built/ is not what src/ gives
//
// `built/manifest.json` names the libraries in the bundle with their versions and licences, and
// the hash of the sources, by which the Python tests see that the bundle is not stale.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const SOURCE = join(HERE, "src");
const TARGET = join(HERE, "built");

const sha256 = (content) => createHash("sha256").update(content).digest("hex");

async function sourceHash() {
  const names = (await readdir(SOURCE)).filter((name) => /\.(js|css)$/.test(name)).sort();
  const hash = createHash("sha256");
  for (const name of names) hash.update(`${name}\0${await readFile(join(SOURCE, name), "utf8")}\0`);
  return hash.digest("hex");
}

// The packages of which the bundle holds code, by the paths that esbuild reports.
async function librariesOf(metafile) {
  const names = new Set();
  for (const path of Object.keys(metafile.inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (match) names.add(match[1]);
  }
  const result = [];
  for (const name of [...names].sort()) {
    const folder = join(HERE, "node_modules", name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.(txt|md))?$/i.test(entry));
    if (!file) throw new Error(`${name}: no licence file`);
    const text = (await readFile(join(folder, file), "utf8")).replace(/\r\n/g, "\n").trim();
    result.push({ name, version: about.version, licence: about.license, text });
  }
  return result;
}

async function bundle(entry) {
  const done = await build({
    absWorkingDir: HERE,
    entryPoints: [`src/${entry}`],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    outdir: "built",
  });
  return { text: done.outputFiles[0].text, metafile: done.metafile };
}

async function results() {
  const [script, style] = await Promise.all([bundle("main.js"), bundle("page.css")]);
  const files = { "page.js": script.text, "page.css": style.text };
  const manifest = {
    note: "Written by build.mjs: do not edit. Sources are in src/.",
    sources_sha256: await sourceHash(),
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)])),
    libraries: await librariesOf(script.metafile),
  };
  return { ...files, "manifest.json": `${JSON.stringify(manifest, null, 2)}\n` };
}

const made = await results();
if (process.argv.includes("--check")) {
  for (const [name, text] of Object.entries(made)) {
    const found = await readFile(join(TARGET, name), "utf8").catch(() => "");
    if (found !== text) {
      process.stderr.write(`built/${name} is not what src/ gives: run node build.mjs\n`);
      process.exitCode = 1;
    }
  }
} else {
  await mkdir(TARGET, { recursive: true });
  for (const [name, text] of Object.entries(made)) {
    await writeFile(join(TARGET, name), text);
    process.stdout.write(`built/${name} ${Buffer.byteLength(text)}\n`);
  }
}
