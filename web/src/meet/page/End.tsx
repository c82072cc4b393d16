import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { obstacle } from "#/spaces/obstacle";
import { verdictOf } from "#/spaces/refusals";
import type { SpaceRow } from "#/spaces/spaces";
import { Button, ButtonLink } from "#/ui/control/Button";
import { IconArrowClockwise, IconHouse } from "#/ui/icon";
import type { State } from "../call/machine";
import styles from "./End.module.css";

/** The call is over for oneself: why, what is safe, and where to go. */
export function End({
  state,
  row,
  name,
  onAgain,
}: {
  state: State;
  /** The space, while one may still see it. */
  row: SpaceRow | null;
  /** Its name, also when one may not any more. */
  name: string;
  onAgain: () => void;
}): ReactElement {
  const { t } = useTranslation("meet");
  const space = row?.id ?? null;
  const { title, text } = useWords(state, row);
  const again = state.end === "elsewhere" || state.end === "full";
  return (
    <main className={styles.end}>
      <p className={styles.name}>{name}</p>
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.text}>{text}</p>
      <div className={styles.actions}>
        {again && space !== null && (
          <Button variant="primary" size="l" icon={IconArrowClockwise} onClick={onAgain}>
            {t(state.end === "elsewhere" ? "end.here" : "end.again")}
          </Button>
        )}
        {space !== null ? (
          <ButtonLink
            to="/spaces/$spaceId"
            params={{ spaceId: space }}
            size="l"
            {...(!again && { variant: "primary" as const })}
          >
            {t("end.space")}
          </ButtonLink>
        ) : (
          <ButtonLink to="/" variant="primary" size="l" icon={IconHouse}>
            {t("end.place")}
          </ButtonLink>
        )}
      </div>
    </main>
  );
}

function useWords({ end, problem }: State, row: SpaceRow | null): { title: string; text: string } {
  const { t } = useTranslation("meet");
  const { t: spaces } = useTranslation("spaces");
  const { t: refusals } = useTranslation("refusals");
  const told = problem && verdictOf(problem);
  const why = told?.reason ? refusals(`why.${told.reason}`) : null;
  // Switched off under everybody's feet: nobody's rights have changed.
  const found = row && obstacle(row, "meet:call:join");
  if (found?.kind === "tool-off" && end !== "elsewhere") {
    return { title: t("end.ended"), text: spaces("closed.off.meet") };
  }
  if (found?.kind === "held" && end !== "elsewhere") {
    const { reason, rule } = found.told;
    return {
      title: t("end.ended"),
      text: reason ? refusals(`why.${reason}`) : refusals(`title.rule.${rule}`),
    };
  }
  switch (end) {
    case "removed":
      return row !== null
        ? { title: t("end.removedCall"), text: t("end.removedCallText") }
        : { title: t("end.removed"), text: t("end.removedText") };
    case "elsewhere":
      return { title: t("end.elsewhere"), text: t("end.elsewhereText") };
    case "full":
      return { title: t("end.full"), text: t("end.fullText") };
    case "refused":
      // The rule in its own sentence, else the server's.
      return { title: t("end.refused"), text: why ?? problem?.title ?? "" };
    default:
      return { title: t("end.ended"), text: t("end.endedText") };
  }
}
