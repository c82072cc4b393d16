import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { icons } from "./vite/icons.ts";

/** Where `npm run dev` finds the server; the same variable that the server reads. */
const server = `http://localhost:${process.env["BASTIDE_PORT"] ?? "8420"}`;

export default defineConfig({
  plugins: [icons(), react()],
  resolve: { alias: { "#": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    // `light-dark()`, on which the theme stands, came with these.
    target: ["chrome123", "firefox120", "safari17.5"],
    // Everything stays a file of its own: a strict content policy then needs no `data:` for scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: "manifest.json",
    reportCompressedSize: true,
  },
  server: {
    strictPort: true,
    proxy: {
      "/api": { target: server, ws: true },
      "/rtc": { target: server, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["./src/test/setup.ts"],
    restoreMocks: true,
    pool: "threads",
  },
});
