// npm ci would refuse a lock whose package.json moved on, but it also refuses one without the entries of platforms that
// a registry does not offer. So the packages come by npm install, and this looks first.
//
//   node check-lock.mjs [ROOT]     one line and 1 when something is wrong: hashes, exact versions, and no addresses
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(process.argv[2] ?? join(import.meta.dirname, ".."));
const wrong = (said) => {
  console.error(said);
  process.exit(1);
};
const read = (name) => JSON.parse(readFileSync(join(root, "web", name), "utf8"));
const wanted = read("package.json");
const locked = read("package-lock.json").packages;
const sorted = (entries) => JSON.stringify(Object.entries(entries ?? {}).sort());
for (const kind of ["dependencies", "devDependencies"]) {
  if (sorted(wanted[kind]) !== sorted(locked[""][kind])) {
    wrong(`package-lock.json does not belong to package.json (${kind}): run npm install in web/`);
  }
}
for (const [path, entry] of Object.entries(locked)) {
  if (path === "" || entry.link) continue;
  if (!entry.integrity) wrong(`package-lock.json has no hash for ${path}`);
  // Where a package comes from is a matter of whoever installs it.
  if (entry.resolved) wrong(`package-lock.json names an address for ${path}: npm install must leave it out`);
}
for (const name of readdirSync(join(root, "requirements"))) {
  if (!name.endsWith(".txt")) continue;
  const text = readFileSync(join(root, "requirements", name), "utf8").replaceAll("\\\n", " ");
  for (const line of text.split("\n")) {
    const said = line.replace(/(^|\s)#.*$/u, "").trim();
    if (said === "") continue;
    const package_ = /^[\w.[\],-]+==[^\s;]+(\s*;[^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+$/u;
    if (!package_.test(said)) {
      wrong(`requirements/${name}: not a version with hashes, and nothing else: ${said.slice(0, 100)}`);
    }
  }
}
