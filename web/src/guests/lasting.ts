import type { InvitationView } from "#/core/api/schema";
import { dayNumber } from "#/core/format/time";
import type { Where } from "#/core/format/where";

const DAY = 86_400_000;

/** The last day on which an invitation's link opens, « 2026-11-25 »: where it is read, and never after a guest's own last day. */
export function linkUntil(invitation: Pick<InvitationView, "expires_at" | "ends_on">, where: Where): string {
  // A link that runs out at midnight was good until the day before.
  const last = dayNumber(Date.parse(invitation.expires_at) - 1, where) * DAY;
  const day = new Date(last).toISOString().slice(0, 10);
  return invitation.ends_on && invitation.ends_on < day ? invitation.ends_on : day;
}
