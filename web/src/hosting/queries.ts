import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, take } from "#/core/api/client";
import type {
  Approval,
  HostingException,
  HostingProfile,
  Instance,
  LabelEffect,
  Organisation,
  Reading,
  RuleView,
  Trial,
  TrialView,
} from "#/core/api/schema";
import { keeper } from "#/core/journal/live";
import { queries } from "#/core/queries";

const RULE = ["rule"] as const;
const ORGANISATIONS = ["organisations"] as const;

// When what is declared moves, every window is told to ask again for all it shows.
keeper.onRenewed((stream) => {
  if (stream === keeper.house.get()?.me) void queries.invalidateQueries({ queryKey: RULE });
});

/** What is declared of this instance, and what it may hold today because of it. */
export function useRule(enabled = true): UseQueryResult<RuleView> {
  return useQuery(
    { queryKey: RULE, queryFn: ({ signal }) => take(api.GET("/api/rule", { signal })), enabled },
    queries,
  );
}

/** The organisations that live here. */
export function useOrganisations(): readonly Organisation[] {
  return useInstance()?.organisations ?? [];
}

/** Whether the people of the demo are in this instance: then it says so, whatever else is declared of it. */
export function useIsDemo(): boolean {
  return useInstance()?.demo ?? false;
}

function useInstance(): Instance | undefined {
  const { data } = useQuery(
    {
      queryKey: ORGANISATIONS,
      queryFn: ({ signal }) => take(api.GET("/api/instance", { signal })),
    },
    queries,
  );
  return data;
}

function declared(rule: RuleView): RuleView {
  queries.setQueryData(RULE, rule);
  return rule;
}

/** What is declared now, asked for anew: for who was told that it is not what they saw. */
export const ruleNow = async (): Promise<RuleView> => declared(await take(api.GET("/api/rule")));

// `seen` is the version that the form was opened on: where another stands by now, nothing is declared.
const at = (seen: string) => ({ params: { query: { seen } } });

export const declareProfile = async (body: HostingProfile, seen: string): Promise<RuleView> =>
  declared(await take(api.PUT("/api/rule/profile", { body, ...at(seen) })));

export const declareReading = async (reading: Reading, seen: string): Promise<RuleView> =>
  declared(await take(api.PUT("/api/rule/reading", { body: { reading }, ...at(seen) })));

export const declareApproval = async (body: Approval, seen: string): Promise<RuleView> =>
  declared(await take(api.PUT("/api/rule/approval", { body, ...at(seen) })));

export const declareOffer = async (since: string, seen: string): Promise<RuleView> =>
  declared(await take(api.PUT("/api/rule/offer", { body: { since }, ...at(seen) })));

export const declareException = async (body: HostingException): Promise<RuleView> =>
  declared(await take(api.POST("/api/rule/exceptions", { body })));

const one = (id: string) => ({ params: { path: { declaration_id: id } } });

export const withdrawApproval = async (id: string): Promise<RuleView> =>
  declared(await take(api.DELETE("/api/rule/approvals/{declaration_id}", one(id))));

export const withdrawOffer = async (id: string): Promise<RuleView> =>
  declared(await take(api.DELETE("/api/rule/offers/{declaration_id}", one(id))));

export const withdrawException = async (id: string): Promise<RuleView> =>
  declared(await take(api.DELETE("/api/rule/exceptions/{declaration_id}", one(id))));

/** What would follow; nothing is declared by asking. */
export const tryRule = (body: Trial): Promise<TrialView> => take(api.POST("/api/rule/trial", { body }));

const SETTLED_MS = 200;

/** What would follow of what a form says, a moment after it was last changed; null while it says nothing that can be. */
export function useTrial(trial: Trial | null): {
  effects: readonly LabelEffect[] | null;
  today: string;
  asking: boolean;
} {
  const said = JSON.stringify(trial);
  const [asked, setAsked] = useState(said);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(said), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const { data, isFetching, isPlaceholderData } = useQuery(
    {
      queryKey: [...RULE, "trial", asked],
      queryFn: () => tryRule(JSON.parse(asked) as Trial),
      enabled: asked !== "null",
      placeholderData: keepPreviousData,
      retry: false,
      gcTime: 0,
    },
    queries,
  );
  const stale = asked !== said || (isFetching && (isPlaceholderData || !data));
  return {
    effects: trial && data ? data.effects : null,
    today: data?.today ?? "",
    asking: trial !== null && stale,
  };
}

export const admitPartner = async (partner: string): Promise<RuleView> =>
  declared(await take(api.POST("/api/rule/partners", { body: { partner_id: partner } })));

export const withdrawPartner = async (id: string): Promise<RuleView> =>
  declared(
    await take(
      api.DELETE("/api/rule/partners/{declaration_id}", { params: { path: { declaration_id: id } } }),
    ),
  );
