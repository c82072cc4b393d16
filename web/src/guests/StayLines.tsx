import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { Trans, useTranslation } from "react-i18next";
import { words } from "#/core/api/content";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { useDays } from "#/hosting/useDays";
import { fullName } from "#/people/names";
import styles from "./Guests.module.css";
import { useOwnStays } from "./queries";

/** A guest's standing, on their Place: who invited them, where, and until when. */
export function StayLines(): ReactElement | null {
  const { t } = useTranslation("guests");
  const days = useDays();
  const guest = useMe().profile.card.kind === "guest";
  const spaces = useHouse((house) => house.spaces);
  const stays = useOwnStays(guest);
  if (!guest) return null;
  if (Object.keys(spaces).length === 0) return <p className={styles.stays}>{t("stay.none")}</p>;
  return (
    <ul className={styles.stays}>
      {stays.flatMap(({ space_id, ends_on, invited_by, organisation }) => {
        const own = spaces[space_id];
        if (!own) return [];
        return [
          <li key={space_id}>
            <Trans
              t={t}
              i18nKey={invited_by || organisation ? "stay.line" : "stay.lineNobody"}
              values={{
                by: invited_by ? fullName(invited_by) : (organisation?.name ?? ""),
                space: words(own.space.name),
                until: days(ends_on),
              }}
              components={{ space: <Link to="/spaces/$spaceId" params={{ spaceId: space_id }} /> }}
            />
          </li>,
        ];
      })}
    </ul>
  );
}
