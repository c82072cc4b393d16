import type { ReactElement, ReactNode } from "react";
import type { PersonCard } from "#/core/api/schema";
import { Avatar } from "#/ui/identity/Avatar";
import { Bone } from "#/ui/state/Skeleton";
import { face } from "./names";
import { PersonLine } from "./PersonLine";
import styles from "./PersonRow.module.css";
import { usePresence } from "./usePresence";

/** Height of a row, for lists that draw only what is seen. */
export const PERSON_ROW = 52;

/** Someone in a long list: a press opens their page. `person` undefined while their card is on its way. */
export function PersonRow({
  person,
  wanted,
  open,
  onOpen,
  beside,
  children,
}: {
  person: PersonCard | undefined;
  wanted?: string;
  /** Their page is the one that is open. */
  open: boolean;
  onOpen: (person: string) => void;
  beside?: ReactNode;
  /** At the right end. */
  children?: ReactNode;
}): ReactElement {
  const presence = usePresence(person?.id);
  return (
    <div className={styles.row} data-open={open || undefined}>
      {person ? (
        <button
          type="button"
          className={styles.who}
          aria-expanded={open}
          onClick={() => onOpen(person.id)}
          data-person={person.id}
        >
          <Avatar person={face(person)} size={32} presence={presence} />
          <PersonLine person={person} {...(wanted !== undefined && { wanted })} beside={beside} />
        </button>
      ) : (
        <span className={styles.who} aria-hidden="true">
          <Bone width={32} height={32} round />
          <Bone width={160} />
        </span>
      )}
      {children}
    </div>
  );
}
