import { Link } from "@tanstack/react-router";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useHouse } from "#/core/journal/live";
import { fullName } from "#/people/names";
import type { SpaceRow } from "#/spaces/spaces";
import { useDeclines } from "../queries";
import { startTone } from "../ring/tone";
import { RINGS_MS } from "../ringing";
import type { View } from "../room/room";
import styles from "./Outgoing.module.css";

/** While one waits alone in a direct: whom one calls, and what became of it. */
export function Outgoing({ row, view }: { row: SpaceRow; view: View }): ReactElement | null {
  const me = useHouse((house) => house.me);
  const call = useHouse((house) => house.calls[row.id]);
  const alone = view.members.length > 0 && view.members.every(({ person }) => person === me);
  const mine = call !== undefined && call.started_by === me;
  // Whoever came and left again was reached: it does not ring for them any more.
  const reached = useRef(false);
  if (view.members.length > 0 && !alone) reached.current = true;
  if (row.own.space.kind !== "direct" || !mine || !alone || reached.current || row.others.length === 0)
    return null;
  return <Waiting key={call.id} row={row} call={call.id} startedAt={view.startedAt ?? Date.now()} />;
}

function Waiting({ row, call, startedAt }: { row: SpaceRow; call: string; startedAt: number }): ReactElement {
  const { t } = useTranslation("meet");
  const declined = useDeclines(call);
  const over = useOver(startedAt + RINGS_MS);
  const left = row.others.filter(({ id }) => !declined.includes(id));
  const [one] = row.others;
  const name = row.others.length === 1 && one ? fullName(one) : row.name;
  const rings = left.length > 0 && !over;
  useEffect(() => (rings ? startTone("outgoing") : undefined), [rings]);
  const text = rings
    ? t("ring.calling", { name })
    : row.others.length > 1
      ? t("ring.noAnswerMany")
      : t(left.length === 0 ? "ring.declined" : "ring.noAnswer", { name });
  return (
    <div className={styles.outgoing} role="status">
      <span>{text}</span>
      {!rings && (
        <Link to="/spaces/$spaceId" params={{ spaceId: row.id }} className={styles.write}>
          {t("ring.write")}
        </Link>
      )}
    </div>
  );
}

/** Whether a moment has passed. */
function useOver(at: number): boolean {
  const [over, setOver] = useState(() => Date.now() >= at);
  useEffect(() => {
    if (over) return;
    const timer = setTimeout(() => setOver(true), Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  }, [at, over]);
  return over;
}
