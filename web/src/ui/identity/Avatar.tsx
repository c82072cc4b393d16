import { type CSSProperties, type ReactElement, useState } from "react";
import { initials } from "#/core/format/names";
import { cx } from "../cx";
import styles from "./Avatar.module.css";
import { hue } from "./hash";
import { type Presence, PresenceMark } from "./Presence";

/** Someone to show: their id picks the hue; `picture` is the address of their picture, if they have one. */
export type Face = { readonly id: string; readonly name: string; readonly picture?: string | null };

type AvatarProps = {
  person: Face;
  /** Side in pixels. */
  size?: number;
  presence?: Presence | undefined;
  /** Two pixels of the surface around it, for faces that overlap. */
  ring?: boolean;
  /** Says the name, when nothing beside the picture does. */
  named?: boolean;
  className?: string;
};

const SMALL = 28;

/** A person: their picture, or their initials on a hue that is theirs for ever. */
export function Avatar({ person, size = 32, presence, ring, named, className }: AvatarProps): ReactElement {
  // A picture that cannot be had gives way to the initials; a new address gets a new chance.
  const [failed, setFailed] = useState<string | null>(null);
  const picture = person.picture && person.picture !== failed ? person.picture : null;
  const mark = size <= SMALL ? 7 : 10;
  return (
    <span
      className={cx(styles.avatar, ring && styles.ring, className)}
      style={
        {
          "--size": `${size}px`,
          "--bg": `var(--hue-${hue(person.id)}-bg)`,
          "--fg": `var(--hue-${hue(person.id)}-ink)`,
        } as CSSProperties
      }
    >
      <span
        className={styles.face}
        // Drawn and not written: two letters are a picture here, and no part of the name of what they stand in.
        data-initials={picture ? undefined : initials(person.name)}
        {...(named ? { role: "img", "aria-label": person.name } : { "aria-hidden": true })}
      >
        {picture && <img src={picture} alt="" draggable={false} onError={() => setFailed(picture)} />}
      </span>
      {presence && (
        <span className={styles.presence} data-small={size <= SMALL || undefined}>
          <PresenceMark presence={presence} size={mark} />
        </span>
      )}
    </span>
  );
}

/** A few faces that overlap, the first ones of those given. The number of all of them stands elsewhere. */
export function Faces({
  people,
  size = 24,
  most = 3,
}: {
  people: readonly Face[];
  size?: number;
  most?: number;
}): ReactElement {
  return (
    <span className={styles.faces} aria-hidden="true">
      {people.slice(0, most).map((person) => (
        <Avatar key={person.id} person={person} size={size} ring />
      ))}
    </span>
  );
}

/** Several people as one picture, for a conversation of a few: two faces, one over the other. */
export function GroupAvatar({ people, size = 24 }: { people: readonly Face[]; size?: number }): ReactElement {
  const [one, two] = people;
  if (!one) return <span className={styles.avatar} style={{ "--size": `${size}px` } as CSSProperties} />;
  if (!two) return <Avatar person={one} size={size} />;
  const part = Math.round(size * 0.64);
  return (
    <span className={styles.group} style={{ "--size": `${size}px` } as CSSProperties} aria-hidden="true">
      <Avatar person={one} size={part} />
      <Avatar person={two} size={part} ring />
    </span>
  );
}
