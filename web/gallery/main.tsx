import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { startLanguage } from "#/core/i18n/i18n";
import { Toasts } from "#/ui/layer/Toasts";
import { Theme } from "#/ui/theme/Theme";
import { Gallery } from "./Gallery";

/*
 * Each piece of the kit in its states: `?part=identity|controls|layers|states|marks`, `&lang=en`. It is there to be
 * looked at (scripts/shot.py) and for axe to walk through.
 */
const query = new URLSearchParams(location.search);
await startLanguage(query.get("lang") === "en" ? "en" : "fr");

const router = createRouter({
  routeTree: createRootRoute({ component: () => <Gallery part={query.get("part") ?? "identity"} /> }),
  history: createMemoryHistory(),
});

const root = document.getElementById("root");
if (!root) throw new Error("no root");
createRoot(root).render(
  <Theme>
    <Toasts>
      <RouterProvider router={router as never} />
    </Toasts>
  </Theme>,
);
