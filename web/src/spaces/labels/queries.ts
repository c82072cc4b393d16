import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import { plain } from "#/core/api/content";
import type { Label, LabelBook, LabelChangeView, LabelEffects, OwnSpace } from "#/core/api/schema";
import { keeper } from "#/core/journal/live";
import { queries } from "#/core/queries";

const LABEL = ["spaces", "label"] as const;
const labelOf = (space: string) => [...LABEL, space] as const;

// Who is in a space, what it is called and what its label does hang together: any of it may change the effects.
keeper.onEvent(({ s, e }) => {
  if (e.type.startsWith("spaces.")) void queries.invalidateQueries({ queryKey: labelOf(s) });
});
keeper.onRenewed((stream) => {
  const all = stream === keeper.house.get()?.me;
  void queries.invalidateQueries({ queryKey: all ? LABEL : labelOf(stream) });
});

/** A space's label with what is proposed and what was changed; for its managers. */
export function useLabelBook(space: string, enabled: boolean): UseQueryResult<LabelBook> {
  return useQuery(
    {
      queryKey: [...labelOf(space), "book"],
      queryFn: () => take(api.GET("/api/spaces/{space_id}/label", at(space))),
      enabled,
      staleTime: 60_000,
    },
    queries,
  );
}

/** What giving a space another label would do. */
export function useLabelEffects(space: string, label: Label): UseQueryResult<LabelEffects> {
  return useQuery(
    {
      queryKey: [...labelOf(space), "effects", label],
      queryFn: () =>
        take(
          api.GET("/api/spaces/{space_id}/label-effects", {
            params: { path: { space_id: space }, query: { label } },
          }),
        ),
      // People come and go: what is shown before one acts is of now.
      staleTime: 0,
    },
    queries,
  );
}

const at = (space: string) => ({ params: { path: { space_id: space } } });
const change = (space: string, id: string) => ({ params: { path: { space_id: space, change_id: id } } });

export const raiseLabel = (space: string, label: Label, asTeam: boolean): Promise<OwnSpace> =>
  take(api.POST("/api/spaces/{space_id}/label/raise", { ...at(space), body: { label, as_team: asTeam } }));

export const lowerLabel = (space: string, label: Label, reason: string): Promise<LabelChangeView> =>
  take(
    api.POST("/api/spaces/{space_id}/label/lower", { ...at(space), body: { label, reason: plain(reason) } }),
  );

export const confirmLowering = (space: string, id: string): Promise<OwnSpace> =>
  take(api.POST("/api/spaces/{space_id}/label/changes/{change_id}/confirm", change(space, id)));

export const withdrawLowering = (space: string, id: string): Promise<void> =>
  take(api.DELETE("/api/spaces/{space_id}/label/changes/{change_id}", change(space, id)));
