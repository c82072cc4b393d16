import type { ReactElement } from "react";
import { FileIcon, FileName } from "#/ui/file/FileIcon";
import { FILE_KINDS } from "#/ui/file/kind";
import * as icons from "#/ui/icon";
import { VirtualList } from "#/ui/list/VirtualList";
import { DaySeparator, NewLine, Time, UnreadMark } from "#/ui/text/Marks";
import { Piece, Row } from "./Gallery";
import styles from "./Gallery.module.css";

const MANY = Array.from({ length: 4000 }, (_, index) => `Agent ${index + 1}`);

export function Marks(): ReactElement {
  return (
    <>
      <Piece name="Unread, days, new">
        <Row>
          <UnreadMark count={2} />
          <UnreadMark count={27} />
          <UnreadMark count={140} />
          <UnreadMark count={0} some />
          <Time at={Date.parse("2026-03-10T08:02:00Z")}>9 h 02</Time>
        </Row>
        <div className={styles.stack}>
          <DaySeparator>aujourd’hui</DaySeparator>
          <DaySeparator>lundi 3 mars</DaySeparator>
          <NewLine />
        </div>
      </Piece>
      <Piece name="Files">
        {FILE_KINDS.map((kind) => (
          <Row key={kind}>
            <FileIcon kind={kind} />
            <span className={styles.chip}>
              <FileName name={`Compte rendu de l’exercice de mars, ${kind}.odt`} />
            </span>
          </Row>
        ))}
      </Piece>
      <Piece name="Four thousand rows">
        <div style={{ display: "flex", height: 240 }}>
          <VirtualList
            items={MANY}
            rowHeight={32}
            keyOf={(item) => item}
            row={(item) => item}
            label="Agents"
          />
        </div>
      </Piece>
      <Piece name="Icons" wide>
        <Row>
          {Object.entries(icons).map(([name, Drawing]) => (
            <Drawing key={name} size={22} label={name} />
          ))}
        </Row>
      </Piece>
    </>
  );
}
