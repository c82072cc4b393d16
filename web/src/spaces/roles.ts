import type { MemberView, Role } from "#/core/api/schema";

/** From the least to the most; each one may what the one before may. */
export const ROLES = ["reader", "contributor", "manager"] as const satisfies readonly Role[];

/**
 * Whether someone is the only one who manages a space. They are listed first: only where the list of them goes on is
 * it the server that says.
 */
export function isLastManager(
  person: string,
  { members, more }: { readonly members: readonly MemberView[]; readonly more: boolean },
): boolean {
  const managers = members.filter(({ role }) => role === "manager");
  if (more && managers.length === members.length) return false;
  return managers.length === 1 && managers[0]?.person_id === person;
}
