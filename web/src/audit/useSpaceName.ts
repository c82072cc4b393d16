import { useTranslation } from "react-i18next";
import type { AuditSpace } from "#/core/api/schema";

/** What a space is called, or what it is where the reader may not know its name. */
export function useSpaceName(): (space: AuditSpace) => string {
  const { t } = useTranslation("audit");
  const { t: ui } = useTranslation("ui");
  return ({ name, kind, label }) => name ?? t(`unnamed.${kind}`, { label: ui(`label.${label}`) });
}
