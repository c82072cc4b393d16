import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";

const SUFFIX = "?icon";

/**
 * Turns `import House from "@phosphor-icons/core/regular/house.svg?icon"` into a React component that
 * carries that one drawing. The icon packages made for React ship six weights of each icon; the window
 * uses one, so this keeps five sixths of the bytes out of the bundle. A name that does not exist
 * stops the build.
 */
export function icons(): Plugin {
  return {
    name: "bastide-icons",
    enforce: "pre",
    async resolveId(source, importer) {
      if (!source.endsWith(SUFFIX)) return null;
      const found = await this.resolve(source.slice(0, -SUFFIX.length), importer, { skipSelf: true });
      if (!found) throw new Error(`No icon at ${source}`);
      // The ending keeps Vite's own handling of SVG files away.
      return `\0${found.id}${SUFFIX}.js`;
    },
    async load(id) {
      if (!id.startsWith("\0") || !id.endsWith(`${SUFFIX}.js`)) return null;
      const file = id.slice(1, -`${SUFFIX}.js`.length);
      const svg = await readFile(file, "utf8");
      const paths = [...svg.matchAll(/<path d="([^"]+)"/g)].map((match) => match[1]);
      if (paths.length === 0) throw new Error(`No path in ${file}`);
      return `import { drawn } from "#/ui/icon/drawn";\nexport default /* @__PURE__ */ drawn(${JSON.stringify(paths.join(""))});\n`;
    },
  };
}
