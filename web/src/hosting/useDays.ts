import { useCallback } from "react";
import { fullDate } from "#/core/format/time";
import { useFormat } from "#/core/format/useFormat";

/** A calendar day of the instance, « 23 novembre 2026 », the same wherever it is read. */
export function useDays(): (day: string) => string {
  const { where } = useFormat();
  return useCallback(
    (day) => fullDate(Date.parse(`${day}T12:00:00Z`), { ...where, timeZone: "UTC" }),
    [where],
  );
}
