import { useParams } from "@tanstack/react-router";
import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Unknown } from "#/app/pages/Unknown";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { keeper } from "#/core/journal/live";
import { useKeyboard } from "#/core/keys/useShortcut";
import { useStore } from "#/core/store";
import type { SpaceRow } from "#/spaces/spaces";
import { useSpace } from "#/spaces/useSpaces";
import { closeNearest } from "#/ui/layer/escape";
import styles from "./CallPage.module.css";
import { callToReturnTo, close, current, enter } from "./call/current";
import { Lobby } from "./lobby/Lobby";
import { choices } from "./media/devices";
import { End } from "./page/End";
import { Meeting } from "./page/Meeting";
import { useDarkRoom } from "./page/useDarkRoom";
import { Incoming } from "./ring/Incoming";
import type { CallRoom } from "./room/room";

/** A space's call: its lobby, its room, its end. */
export function CallPage(): ReactElement {
  const { spaceId } = useParams({ from: "/call/$spaceId" });
  const { t } = useTranslation();
  const row = useSpace(spaceId);
  const room = useStore(current, (now) => (now?.space === spaceId ? now : null));
  // Whoever is put out still reads where from.
  const name = useRef("");
  if (row) name.current = row.name;
  useDarkRoom();
  useKeyboard(closeNearest);
  useDocumentTitle(t("titles.call"), name.current);
  const returning = useReturn(spaceId, room);
  return (
    <div className={styles.room}>
      {room ? (
        <Inside room={room} row={row} name={name.current} returning={returning} />
      ) : row ? (
        !returning && <Lobby row={row} room={null} />
      ) : (
        <Unknown />
      )}
      <Incoming />
    </div>
  );
}

/** Whoever reloads the page is back in the call, with what was open. Whether that is on its way. */
function useReturn(space: string, room: CallRoom | null): boolean {
  const kept = callToReturnTo((one) => keeper.house.get()?.calls[one]?.id);
  const back = room === null && kept?.space === space;
  useEffect(() => {
    if (back && kept) void enter(space, kept);
  }, [back, kept, space]);
  return kept?.space === space;
}

function Inside({
  room,
  row,
  name,
  returning,
}: {
  room: CallRoom;
  row: SpaceRow | null;
  name: string;
  returning: boolean;
}): ReactElement | null {
  const state = useStore(room.view, (view) => view.state);
  const over = state.phase === "over";
  useEffect(() => {
    // What one left oneself needs no page that says so.
    if (over && state.end === "left") close(room);
  }, [over, state.end, room]);
  // A call that is over is let go of with the page that told of it.
  useEffect(() => () => void (room.view.get().state.phase === "over" && close(room)), [room]);
  if (over) {
    if (state.end === "left") return null;
    const onAgain = (): void => void enter(room.space, choices.get());
    return <End state={state} row={row} name={name} onAgain={onAgain} />;
  }
  if (!row) return null;
  if (state.wasIn) return <Meeting room={room} row={row} />;
  return returning && state.phase !== "waiting" ? null : <Lobby row={row} room={room} />;
}
