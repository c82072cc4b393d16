import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { words } from "#/core/api/content";
import { keeper } from "#/core/journal/live";
import { fullName } from "#/people/names";
import { useToasts } from "#/ui/layer/Toasts";
import { current } from "../call/current";

/** In a team nothing rings: a word at the foot of the window says that a call has begun, and lets one in. */
export function useStarted(): void {
  const { t } = useTranslation("meet");
  const navigate = useNavigate();
  const toasts = useToasts();
  useEffect(
    () =>
      keeper.onEvent(({ s, e }) => {
        if (e.type !== "meet.call.started" || current.get()) return;
        const house = keeper.house.get();
        const held = house?.spaces[s];
        if (!house || held?.space.kind !== "team" || e.call.started_by === house.me) return;
        if (!held.abilities.includes("meet:call:join")) return;
        const caller = house.people[e.call.started_by];
        toasts.show({
          text: t("ring.started", {
            name: caller ? fullName(caller) : t("someone"),
            space: words(held.space.name),
          }),
          action: {
            label: t("ring.join"),
            run: () => void navigate({ to: "/call/$spaceId", params: { spaceId: s } }),
          },
        });
      }),
    [t, navigate, toasts],
  );
}
