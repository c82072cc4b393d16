import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "#/core/api/errors";
import type { Label } from "#/core/api/schema";
import { Refusal } from "#/ui/state/Refusal";
import { refusingRule } from "./refusals";

/** A refusal by a rule of the house, in words; `fallback` for anything else that went wrong. */
export function RefusedBy({
  error,
  label,
  fallback,
}: {
  error: Error;
  label: Label;
  fallback: ReactNode;
}): ReactElement {
  const { t } = useTranslation("spaces");
  const rule = error instanceof ProblemError ? refusingRule(error.details) : null;
  if (!rule) return <>{fallback}</>;
  return (
    <Refusal
      label={label}
      title={t(`refused.${rule}.title`)}
      reason={t(`refused.${rule}.reason`)}
      rule={t(`refused.${rule}.rule`)}
      recorded
    />
  );
}
