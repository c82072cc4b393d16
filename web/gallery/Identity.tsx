import type { ReactElement } from "react";
import { Avatar, Faces, GroupAvatar } from "#/ui/identity/Avatar";
import { ARCADES } from "#/ui/identity/arcades";
import { drawing, hue } from "#/ui/identity/hash";
import { PresenceMark } from "#/ui/identity/Presence";
import { SpaceSquare } from "#/ui/identity/SpaceSquare";
import { Arcade } from "#/ui/mark/Arcade";
import { LABELS, LabelPill } from "#/ui/mark/LabelPill";
import { Logo } from "#/ui/mark/Logo";
import { Seal } from "#/ui/mark/Seal";
import { TownMap } from "#/ui/mark/TownMap";
import { Piece, Row } from "./Gallery";
import styles from "./Gallery.module.css";
import { PEOPLE, someone } from "./people";

/** An id for each hue and each drawing, found by trying. */
function idWith(test: (id: string) => boolean): string {
  for (let index = 0; ; index += 1) {
    if (test(`try-${index}`)) return `try-${index}`;
  }
}
const HUES = Array.from({ length: 8 }, (_, wanted) => idWith((id) => hue(id) === wanted));
const DRAWINGS = ARCADES.map((_, wanted) =>
  idWith((id) => drawing(id, ARCADES.length) === wanted && hue(id) === wanted % 8),
);

export function Identity(): ReactElement {
  return (
    <>
      <Piece name="Avatar, eight hues, sizes">
        <Row>
          {HUES.map((id, index) => (
            <Avatar key={id} person={{ id, name: someone(index).name }} size={40} named />
          ))}
        </Row>
        <Row>
          {[16, 20, 24, 32, 40, 64, 132].map((size) => (
            <Avatar key={size} person={someone(2)} size={size} named />
          ))}
        </Row>
      </Piece>
      <Piece name="Presence: full, barred, half, hollow">
        <Row>
          <Avatar person={someone(0)} presence="here" />
          <Avatar person={someone(1)} presence="busy" />
          <Avatar person={someone(2)} presence="away" />
          <Avatar person={someone(9)} presence="gone" />
          <Avatar person={someone(3)} size={22} presence="here" />
          <Avatar person={someone(4)} size={22} presence="busy" />
          <Avatar person={someone(5)} size={22} presence="away" />
          <PresenceMark presence="here" />
          <PresenceMark presence="busy" />
          <PresenceMark presence="away" />
          <PresenceMark presence="gone" />
        </Row>
        <div className={styles.ground}>
          <Row>
            <Avatar person={someone(6)} presence="here" />
            <Avatar person={someone(7)} presence="busy" />
            <Avatar person={someone(8)} presence="away" />
            <Faces people={PEOPLE} />
            <Faces people={PEOPLE} size={20} />
            <GroupAvatar people={PEOPLE.slice(2)} />
            <GroupAvatar people={PEOPLE.slice(0, 1)} />
            <GroupAvatar people={PEOPLE.slice(4)} size={40} />
          </Row>
        </div>
      </Piece>
      <Piece name="Space squares: ten drawings, eight hues">
        <Row>
          {DRAWINGS.map((id) => (
            <SpaceSquare key={id} id={id} size={40} />
          ))}
        </Row>
        <Row>
          {DRAWINGS.map((id) => (
            <SpaceSquare key={id} id={id} size={20} />
          ))}
        </Row>
        <Row>
          {HUES.map((id) => (
            <SpaceSquare key={id} id={id} size={28} />
          ))}
        </Row>
      </Piece>
      <Piece name="Seal and labels">
        <Row>
          {[15, 16, 18, 24, 64].map((size) => (
            <Seal key={size} size={size} />
          ))}
        </Row>
        <Row>
          {LABELS.map((label) => (
            <LabelPill key={label} label={label} />
          ))}
        </Row>
        <Row>
          {LABELS.map((label) => (
            <LabelPill key={label} label={label} compact />
          ))}
        </Row>
      </Piece>
      <Piece name="Mark">
        <Row>
          <Logo />
          <Logo size={36} />
          <Logo size={64} />
        </Row>
      </Piece>
      <Piece name="Arcade">
        <Arcade />
      </Piece>
      <Piece name="Town" wide>
        <TownMap className={styles.map} />
      </Piece>
    </>
  );
}
