import type { MemberView, Role } from "#/core/api/schema";

/** From the least to the most; each one may what the one before may. */
export const ROLES = ["reader", "contributor", "manager"] as const satisfies readonly Role[];

/**
 * Whether someone is the only one who manages a space, as far as the list tells: where it goes on, others may stand
 * further down, and the server says.
 */
export function isLastManager(
  person: string,
  { members, more }: { readonly members: readonly MemberView[]; readonly more: boolean },
): boolean {
  if (more) return false;
  const managers = members.filter(({ role }) => role === "manager");
  return managers.length === 1 && managers[0]?.person_id === person;
}
