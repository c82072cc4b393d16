import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PersonCard } from "#/core/api/schema";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { Matched } from "#/ui/text/Matched";
import { fullName } from "./names";
import styles from "./PersonLine.module.css";

/** What someone does, and where if it is not where one works oneself: « Hydrologue, Val d’Ambrelle ». */
export function usePersonAbout(person: PersonCard): string {
  const { t } = useTranslation("people");
  const me = useMe();
  const organisation = useHouse((house) => house.organisations[person.organisation_id]);
  const elsewhere = person.organisation_id !== me.profile.card.organisation_id;
  return [
    person.function,
    elsewhere && organisation && (organisation.short_name || organisation.name),
    person.kind === "guest" && t("guest"),
  ]
    .filter(Boolean)
    .join(", ");
}

/** Someone in a list: their name, and under it what they do and where. */
export function PersonLine({
  person,
  wanted = "",
  beside,
}: {
  person: PersonCard;
  /** What one looks for, which then stands out. */
  wanted?: string;
  /** Beside the name. */
  beside?: ReactNode;
}): ReactElement {
  const about = usePersonAbout(person);
  const name = fullName(person);
  return (
    // Where there is no room for all of it, a hover says it.
    <span className={styles.line} title={about ? `${name}, ${about}` : name}>
      <span className={styles.name}>
        <span className={styles.cut}>
          <Matched text={name} wanted={wanted} />
        </span>
        {beside}
      </span>
      {about && (
        <span className={styles.about}>
          <Matched text={about} wanted={wanted} />
        </span>
      )}
    </span>
  );
}
