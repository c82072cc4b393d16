import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcut } from "#/core/keys/useShortcut";
import { useStore } from "#/core/store";
import { useSpace } from "#/spaces/useSpaces";
import { IconArrowsOutSimple, IconPhoneX } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { close, leave } from "../call/current";
import type { End } from "../call/machine";
import { own } from "../media/own";
import { Microphone } from "../page/Bar";
import { Control } from "../page/Control";
import { useNames } from "../page/naming";
import { Tile } from "../page/Tile";
import { turn } from "../page/useSource";
import type { CallRoom } from "../room/room";
import styles from "./Dock.module.css";

const SIZE = { width: 248, height: 140 };
/** What the list leaves free at its foot. */
const ROOM_PX = 232;

/** The call one is in, small, while one reads elsewhere in the window. */
export function Dock({ room }: { room: CallRoom }): ReactElement | null {
  const { t } = useTranslation("meet");
  const row = useSpace(room.space);
  const view = useStore(room.view, (now) => now);
  const names = useNames(view.members);
  const first = useFirst(room);
  const name = useRef("");
  if (row) name.current = row.name;
  const { phase, end } = view.state;
  useOver(room, phase === "over" ? end : null, name.current);
  useShortcut("m", () => {
    if (view.maySpeak) turn("microphone", !own.microphone.state.get().wanted);
  });
  useRoom();
  if (phase === "over" || !row) return null;
  const member =
    view.members.find(({ identity }) => identity === first) ??
    view.members.find(({ self }) => !self) ??
    view.members[0];
  const named = member && names.get(member.identity);
  return (
    <section className={styles.dock} data-theme="dark" aria-label={t("dock.label", { space: row.name })}>
      {member && named && (
        <ul className={styles.tile}>
          <Tile room={room} member={member} named={named} small {...SIZE} />
        </ul>
      )}
      <div className={styles.foot}>
        <Link
          to="/call/$spaceId"
          params={{ spaceId: room.space }}
          className={styles.back}
          title={t("dock.back")}
        >
          <IconArrowsOutSimple size={20} label={t("dock.back")} />
          <span className={styles.name}>{row.name}</span>
        </Link>
        {view.maySpeak && <Microphone room={room} />}
        <Control
          icon={IconPhoneX}
          label={t("bar.leave")}
          leaves
          className={styles.leave ?? ""}
          onClick={leave}
        />
      </div>
    </section>
  );
}

/** Keeps the end of the list from lying under the dock for good. */
function useRoom(): void {
  useEffect(() => {
    const { style } = document.documentElement;
    style.setProperty("--docked", `${ROOM_PX}px`);
    return () => void style.removeProperty("--docked");
  }, []);
}

/** Who had the word last, of the others. */
function useFirst(room: CallRoom): string | null {
  const [first, setFirst] = useState<string | null>(null);
  useEffect(() => {
    const look = (): void => {
      const others = room.view.get().members.filter(({ self }) => !self);
      const loudest = room.speakers.speaking
        .get()
        .find((one) => others.some(({ identity }) => identity === one));
      if (loudest) setFirst(loudest);
    };
    look();
    return room.speakers.speaking.subscribe(look);
  }, [room]);
  return first;
}

/** A call that ends while one reads elsewhere says so at the foot of the window. */
function useOver(room: CallRoom, end: End | null, name: string): void {
  const { t } = useTranslation("meet");
  const navigate = useNavigate();
  const toasts = useToasts();
  useEffect(() => {
    if (end === null) return;
    close(room);
    if (end === "left" || end === "full" || end === "refused") return;
    const back = end === "elsewhere" && {
      label: t("end.here"),
      run: () => void navigate({ to: "/call/$spaceId", params: { spaceId: room.space } }),
    };
    toasts.show({ text: `${name} : ${t(`end.${end}`)}`, ...(back && { action: back }) });
  }, [room, end, name, t, navigate, toasts]);
}
