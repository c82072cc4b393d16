import { useEffect } from "react";
import { connection, keeper } from "#/core/journal/live";
import type { Presence } from "#/ui/identity/Presence";

export function usePresence(_id: string | undefined): Presence | undefined {
  useEffect(() => undefined);
  void connection;
  void keeper;
  return undefined;
}
