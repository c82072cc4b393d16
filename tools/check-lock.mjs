// npm ci would refuse a lock whose package.json moved on, but it also refuses one without the entries of platforms that
// a registry does not offer. So the packages come by npm install, and this looks first: run in web/.
import { readFileSync } from "node:fs";

const read = (name) => JSON.parse(readFileSync(name, "utf8"));
const wanted = read("package.json");
const locked = read("package-lock.json").packages;
const sorted = (entries) => JSON.stringify(Object.entries(entries ?? {}).sort());
for (const kind of ["dependencies", "devDependencies"]) {
  if (sorted(wanted[kind]) !== sorted(locked[""][kind])) {
    throw new Error(`package-lock.json does not belong to package.json (${kind}): run npm install in web/`);
  }
}
for (const [path, entry] of Object.entries(locked)) {
  if (path !== "" && !entry.link && !entry.integrity) {
    throw new Error(`package-lock.json has no hash for ${path}`);
  }
}
