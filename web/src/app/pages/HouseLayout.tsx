import { Outlet, useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { AdministrationHost } from "#/administration/session/AdministrationHost";
import { AdministrationLine } from "#/administration/session/AdministrationLine";
import { NewChannelHost } from "#/chat/NewChannelHost";
// What was written before this page was opened goes out from wherever one comes in.
import "#/chat/sending";
import { useFormat } from "#/core/format/useFormat";
import { useConnection } from "#/core/journal/useConnection";
import { useShortcut } from "#/core/keys/useShortcut";
import { useMe } from "#/core/session/useMe";
import { CallSurface } from "#/meet/CallSurface";
import { SharedLine } from "#/people/devices/SharedLine";
import { ResetLine } from "#/people/password/ResetLine";
import { SpaceList } from "#/spaces/list/SpaceList";
import { LostLines } from "#/spaces/lost/LostLines";
import { OfflineLine, RenewLine } from "#/ui/state/OfflineLine";
import { useLate } from "#/ui/state/Skeleton";
import { PaletteHost } from "../palette/PaletteHost";
import { Frame } from "../shell/Frame";
import { useAway } from "../shell/useAway";

/** A line that breaks and comes back within this is not worth a word. */
const QUIET_MS = 3_000;

/** The frame around every page that needs a session. */
export function HouseLayout(): ReactElement {
  const navigate = useNavigate();
  const me = useMe();
  useAway();
  useShortcut("g p", () => void navigate({ to: "/" }));
  useShortcut("g e", () => void navigate({ to: "/spaces" }));
  useShortcut("g a", () => {
    if (me.abilities.includes("people:directory:search")) void navigate({ to: "/people" });
  });
  return (
    <Frame
      list={<SpaceList />}
      notice={
        <>
          <Notice />
          <AdministrationLine />
          <SharedLine />
          <ResetLine />
          <LostLines />
        </>
      }
    >
      <Outlet />
      <CallSurface />
      <PaletteHost />
      <AdministrationHost />
      <NewChannelHost />
    </Frame>
  );
}

/** What the line to the server has to say for itself: nothing, as a rule. */
function Notice(): ReactElement | null {
  const format = useFormat();
  const { state, since, fresher } = useConnection();
  const lost = useLate(since !== null, QUIET_MS);
  if (state === "outdated") return <RenewLine must />;
  if (lost && since !== null)
    return <OfflineLine since={format.clock(since)} server={state === "unreachable"} />;
  return fresher ? <RenewLine /> : null;
}
