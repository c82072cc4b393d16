import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ProblemError } from "#/core/api/errors";
import { startLanguage } from "#/core/i18n/i18n";
import { keeper } from "#/core/journal/live";
import { chosenLanguage } from "#/core/preferences/language";
import { applyTheme } from "#/core/preferences/theme";
import { session, whoAmI } from "#/core/session/session";
import { Toasts } from "#/ui/layer/Toasts";
import { Theme } from "#/ui/theme/Theme";
import { reducers } from "./reducers";
import { createHouseRouter, loadLayout } from "./routes";

// Asked for at once, beside the language: the first page needs both. Who asks again gets the same answer.
whoAmI().catch(() => undefined);
// Most arrivals are for a page inside: its frame comes while the session is being asked for.
if (location.pathname !== "/sign-in") loadLayout().catch(() => undefined);
keeper.use(reducers);
applyTheme();
await startLanguage(chosenLanguage());

const router = createHouseRouter();
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What the server refuses it would refuse again; what it did not hear is worth saying twice.
      retry: (failures, error) => !(error instanceof ProblemError) && failures < 2,
      staleTime: 30_000,
    },
  },
});

// Who signs out, here or in another window, is shown the door, and keeps nothing.
session.subscribe(() => {
  if (session.get().state === "in") return;
  queries.clear();
  void router.invalidate();
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
