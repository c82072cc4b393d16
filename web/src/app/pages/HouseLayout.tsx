import { Outlet, useNavigate } from "@tanstack/react-router";
import { type ReactElement, useSyncExternalStore } from "react";
import { useFormat } from "#/core/format/useFormat";
import { connection } from "#/core/journal/live";
import { useShortcut } from "#/core/keys/useShortcut";
import { SpaceList } from "#/spaces/list/SpaceList";
import { OfflineLine } from "#/ui/state/OfflineLine";
import { useLate } from "#/ui/state/Skeleton";
import { Frame } from "../shell/Frame";
import { useAway } from "../shell/useAway";

/** A line that breaks and comes back within this is not worth a word. */
const QUIET_MS = 3_000;

/** The frame around every page that needs a session. */
export function HouseLayout(): ReactElement {
  const navigate = useNavigate();
  const format = useFormat();
  const line = useSyncExternalStore(connection.line.subscribe, connection.line.get);
  const away = useLate(line.lostAt !== null, QUIET_MS);
  useAway();
  useShortcut("g p", () => void navigate({ to: "/" }));
  useShortcut("g e", () => void navigate({ to: "/spaces" }));
  return (
    <Frame
      list={<SpaceList />}
      notice={away && line.lostAt !== null && <OfflineLine since={format.clock(line.lostAt)} />}
    >
      <Outlet />
    </Frame>
  );
}
