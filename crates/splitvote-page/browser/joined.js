// The modules of the front end become one script: no name may stand in two of them, and each comes after what it imports.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

const root = join(import.meta.dirname, "..");
const source = readFileSync(join(root, "src/html.rs"), "utf8");
const lists = [...source.matchAll(/^const ([A-Z]+): &\[&str\] = &\[(.*?)\];/gms)].map((found) => ({
  page: found[1],
  files: [...found[2].matchAll(/front\/([a-z]+\.js)/g)].map((file) => file[1]),
}));
const there = readdirSync(join(root, "front")).filter((name) => name.endsWith(".js"));
const missing = there.filter((name) => !lists.some(({ files }) => files.includes(name)));
if (missing.length || lists.length < 2) throw new Error(`src/html.rs does not list ${missing.join(", ")}`);

for (const { page, files } of lists) {
  const seen = new Set();
  /** Where each name of the outermost level stands. @type {Map<string, string>} */
  const names = new Map();
  let joined = "";
  for (const name of files) {
    const text = readFileSync(join(root, "front", name), "utf8");
    for (const [, from] of text.matchAll(/from "\.\/([a-z]+\.js)";/g)) {
      if (!seen.has(from)) throw new Error(`${page}: ${name} imports ${from}, which src/html.rs lists behind it`);
    }
    seen.add(name);
    // A second function of one name is no error to a browser: it takes the place of the first.
    for (const [, declared] of text.matchAll(
      /^(?:export )?(?:async )?(?:function|class|const|let) ([A-Za-z_$][\w$]*)/gm,
    )) {
      const other = names.get(declared);
      if (other) throw new Error(`${page}: ${name} and ${other} both have ${declared}`);
      names.set(declared, name);
    }
    joined += text.replace(/^import [^;]*;\n/gm, "").replace(/^export /gm, "");
  }
  new Script(`(() => { "use strict"; ${joined} })`);
  console.log(`${page}: ${files.length} modules, ${joined.length} characters`);
}
