import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api, take } from "#/core/api/client";
import type {
  Approval,
  HostingException,
  HostingProfile,
  Instance,
  Organisation,
  Reading,
  RuleView,
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

export const declareProfile = async (body: HostingProfile): Promise<RuleView> =>
  declared(await take(api.PUT("/api/rule/profile", { body })));

export const declareReading = async (reading: Reading): Promise<RuleView> =>
  declared(await take(api.PUT("/api/rule/reading", { body: { reading } })));

export const declareApproval = async (body: Approval): Promise<RuleView> =>
  declared(await take(api.PUT("/api/rule/approval", { body })));

export const withdrawApproval = async (): Promise<RuleView> =>
  declared(await take(api.DELETE("/api/rule/approval")));

export const declareException = async (body: HostingException): Promise<RuleView> =>
  declared(await take(api.POST("/api/rule/exceptions", { body })));

export const withdrawException = async (id: string): Promise<RuleView> =>
  declared(
    await take(
      api.DELETE("/api/rule/exceptions/{declaration_id}", { params: { path: { declaration_id: id } } }),
    ),
  );

export const admitPartner = async (partner: string): Promise<RuleView> =>
  declared(await take(api.POST("/api/rule/partners", { body: { partner_id: partner } })));

export const withdrawPartner = async (id: string): Promise<RuleView> =>
  declared(
    await take(
      api.DELETE("/api/rule/partners/{declaration_id}", { params: { path: { declaration_id: id } } }),
    ),
  );
