import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { keeper } from "#/core/journal/live";
import { startWindowLanguage } from "#/core/preferences/language";
import { applyTheme } from "#/core/preferences/theme";
import { queries } from "#/core/queries";
import { session, whoAmI } from "#/core/session/session";
import { Toasts } from "#/ui/layer/Toasts";
import { Theme } from "#/ui/theme/Theme";
import { reducers } from "./reducers";
import { createHouseRouter, fetchPages, loadLayout } from "./routes";

// Asked for at once, beside the language: the first page needs both. Who asks again gets the same answer.
whoAmI().catch(() => undefined);
// Most arrivals are for a page inside: its frame comes while the session is being asked for.
if (location.pathname !== "/sign-in") loadLayout().catch(() => undefined);
keeper.use(reducers);
applyTheme();
await startWindowLanguage();

const router = createHouseRouter();
// Who signs out, here or in another window, is shown the door.
session.subscribe(() => {
  if (session.get().state !== "in") void router.invalidate();
});

/** After the first page has settled; what it asks for itself comes first. */
const SETTLED_MS = 2_000;

const firstPage = router.subscribe("onResolved", () => {
  if (session.get().state !== "in") return;
  firstPage();
  setTimeout(() => void fetchPages(), SETTLED_MS);
});

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Theme>
        <Toasts>
          <RouterProvider router={router} />
        </Toasts>
      </Theme>
    </QueryClientProvider>
  </StrictMode>,
);
