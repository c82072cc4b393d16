import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Action } from "#/core/api/schema";
import { useFailure } from "#/core/i18n/useSentence";
import { ButtonLink } from "#/ui/control/Button";
import { IconGear } from "#/ui/icon";
import { EmptyState } from "#/ui/state/EmptyState";
import { ErrorState } from "#/ui/state/ErrorState";
import { type Obstacle, obstacle } from "./obstacle";
import { Told } from "./refusal/Told";
import { may, type SpaceRow } from "./spaces";

/** What stands in the way, in one line; null where nothing does, or where it is no matter of the space. */
export function useObstacleWords(): (found: Obstacle | null) => string | null {
  const { t } = useTranslation("spaces");
  const { t: refusals } = useTranslation("refusals");
  return (found) => {
    if (found?.kind === "tool-off") return t(`closed.off.${found.tool}`);
    if (found?.kind === "reader") return t("closed.reader");
    if (found?.kind === "held") {
      return found.told.reason
        ? refusals(`why.${found.told.reason}`)
        : refusals(`title.rule.${found.told.rule}`);
    }
    return found?.kind === "rule" ? refusals(`title.rule.${found.told.rule}`) : null;
  };
}

/**
 * In the place of what cannot be shown or done in a space: the true reason, and what can be done about it. `error` is
 * how it ended when it was tried; `role` what is said instead when it is one's rights that do not reach.
 */
export function Closed({
  row,
  action,
  error = null,
  onRetry,
  role,
}: {
  row: SpaceRow;
  action: Action;
  error?: Error | null;
  onRetry?: () => void;
  role?: string;
}): ReactElement | null {
  const { t } = useTranslation("spaces");
  const failure = useFailure();
  const words = useObstacleWords();
  const found = obstacle(row, action, error);
  if (!found) return null;
  if (found.kind === "failed") return <ErrorState small {...failure(found.error)} onRetry={onRetry} />;
  if (role && (found.kind === "reader" || (found.kind === "rule" && found.told.rule === "role"))) {
    return <EmptyState text={role} />;
  }
  if (found.kind === "rule" || found.kind === "held") {
    return (
      <Told
        verdict={found.told}
        label={row.own.space.label}
        act={found.kind === "held" && action.startsWith("meet:") ? "call" : undefined}
        row={row}
        recorded={error !== null}
      />
    );
  }
  const sets = found.kind === "tool-off" && may(row.own, "spaces:space:edit");
  const asks = found.kind === "tool-off" && !sets ? ` ${t("closed.ask")}` : "";
  return (
    <EmptyState
      text={`${words(found)}${asks}`}
      action={
        sets && (
          <ButtonLink to="/spaces/$spaceId/settings" params={{ spaceId: row.id }} icon={IconGear}>
            {t("closed.on")}
          </ButtonLink>
        )
      }
    />
  );
}
