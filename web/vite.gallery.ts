import { fileURLToPath } from "node:url";
import { mergeConfig } from "vite";
import base from "./vite.config.ts";

/** The gallery of the kit, for development only: `npm run gallery -- --port N`. Never part of the product. */
export default mergeConfig(base, {
  root: fileURLToPath(new URL("./gallery", import.meta.url)),
  publicDir: fileURLToPath(new URL("./public", import.meta.url)),
  cacheDir: fileURLToPath(new URL("./node_modules/.vite-gallery", import.meta.url)),
  server: { proxy: {}, fs: { allow: [fileURLToPath(new URL(".", import.meta.url))] } },
});
