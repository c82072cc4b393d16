import { useNavigate } from "@tanstack/react-router";
import { type ReactElement, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcut } from "#/core/keys/useShortcut";
import { useStore } from "#/core/store";
import type { SpaceRow } from "#/spaces/spaces";
import { useToasts } from "#/ui/layer/Toasts";
import { leave } from "../call/current";
import { canShareScreen } from "../media/devices";
import { own } from "../media/own";
import type { CallRoom } from "../room/room";
import { Bar, type Panel } from "./Bar";
import { CallShortcuts } from "./CallShortcuts";
import { ChatPanel, useCallChat } from "./ChatPanel";
import { DevicesPanel } from "./DevicesPanel";
import { Header } from "./Header";
import { LiveRegion } from "./LiveRegion";
import styles from "./Meeting.module.css";
import { useNames } from "./naming";
import { Outgoing } from "./Outgoing";
import { PeoplePanel } from "./PeoplePanel";
import { type Layout, Stage } from "./Stage";
import { turn } from "./useSource";
import { useTalkKey } from "./useTalkKey";

/** The room one is in: faces, controls, and what stands beside them. */
export function Meeting({ room, row }: { room: CallRoom; row: SpaceRow }): ReactElement {
  const { t } = useTranslation("meet");
  const navigate = useNavigate();
  const toasts = useToasts();
  const view = useStore(room.view, (now) => now);
  const names = useNames(view.members);
  const [layout, setLayout] = useState<Layout>("grid");
  const [panel, setPanel] = useState<Panel | null>(null);
  const [shortcuts, setShortcuts] = useState(false);
  const chat = useCallChat(row);
  const talking = useTalkKey(view.maySpeak);

  const onLayout = (): void => setLayout(layout === "grid" ? "speaker" : "grid");
  const onPanel = useCallback((next: Panel) => setPanel((now) => (now === next ? null : next)), []);
  const onPeople = useCallback(() => setPanel("people"), []);
  const onClose = useCallback(() => setPanel(null), []);
  const onShare = (): void => {
    if (own.screen.state.get()) own.screen.off();
    else own.screen.on().catch(() => toasts.show({ text: t("trouble.screen") }));
  };
  const onLeave = (): void => {
    leave();
    void navigate({ to: "/spaces/$spaceId", params: { spaceId: row.id } });
  };
  const whoMay = (run: () => void) => () => {
    if (view.maySpeak) run();
  };
  useShortcut(
    "m",
    whoMay(() => turn("microphone", !own.microphone.state.get().wanted)),
  );
  useShortcut(
    "v",
    whoMay(() => turn("camera", !own.camera.state.get().wanted)),
  );
  useShortcut(
    "p",
    whoMay(() => canShareScreen() && onShare()),
  );
  useShortcut("g", onLayout);
  useShortcut("l", () => onPanel("people"));
  useShortcut("c", () => chat && onPanel("chat"));
  useShortcut("?", () => setShortcuts(true));

  return (
    <>
      <Header
        row={row}
        back={t("header.back")}
        startedAt={view.startedAt}
        layout={layout}
        onLayout={onLayout}
      />
      <main className={styles.middle}>
        <Stage room={room} members={view.members} names={names} layout={layout} onPeople={onPeople} />
        <Outgoing row={row} view={view} />
        {panel === "people" && (
          <PeoplePanel room={room} members={view.members} names={names} few={view.few} onClose={onClose} />
        )}
        {panel === "devices" && <DevicesPanel maySpeak={view.maySpeak} onClose={onClose} />}
        {panel === "chat" && chat && <ChatPanel row={row} channel={chat.channel} onClose={onClose} />}
      </main>
      <Bar
        {...{ room, view, talking, layout, panel, chat, onLayout, onPanel, onShare, onLeave }}
        onShortcuts={() => setShortcuts(true)}
      />
      <LiveRegion members={view.members} names={names} />
      <CallShortcuts opened={shortcuts} onClose={() => setShortcuts(false)} />
    </>
  );
}
