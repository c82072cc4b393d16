import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "#/core/store";
import { IconButton } from "#/ui/control/IconButton";
import {
  IconChatCircle,
  IconDotsThree,
  IconGridFour,
  IconKeyboard,
  IconLayout,
  IconMicrophone,
  IconMicrophoneSlash,
  IconPhoneX,
  IconScreencast,
  IconSlidersHorizontal,
  IconUsers,
  IconVideoCamera,
  IconVideoCameraSlash,
} from "#/ui/icon";
import { Menu, MenuItem } from "#/ui/layer/Menu";
import { canShareScreen } from "../media/devices";
import { own } from "../media/own";
import type { CallRoom, View } from "../room/room";
import styles from "./Bar.module.css";
import { Control } from "./Control";
import { Notice } from "./Notice";
import type { Layout } from "./Stage";
import { useSource } from "./useSource";

export type Panel = "people" | "chat" | "devices";

type BarProps = {
  room: CallRoom;
  view: View;
  talking: boolean;
  layout: Layout;
  panel: Panel | null;
  /** Where the space's talk is; null where there is none to be read. */
  chat: { readonly unread: number } | null;
  onLayout: () => void;
  onPanel: (panel: Panel) => void;
  onShare: () => void;
  onShortcuts: () => void;
  onLeave: () => void;
};

/** The bar of controls: what degrades at its left, what one does in the middle, who is there and what they write at its right. */
export function Bar(props: BarProps): ReactElement {
  const { t } = useTranslation("meet");
  const { room, view, talking, layout, panel, chat, onLayout, onPanel, onShare, onShortcuts, onLeave } =
    props;
  const sharing = useStore(own.screen.state, (shared) => shared !== null);
  const people = new Set(view.members.map(({ person }) => person)).size;
  return (
    <footer className={styles.bar}>
      <Notice room={room} view={view} talking={talking} />
      <div className={styles.controls} role="toolbar" aria-label={t("bar.label")}>
        {view.maySpeak && (
          <>
            <Microphone room={room} />
            <Camera room={room} />
            <span className={styles.gap} />
            {canShareScreen() && (
              <Control
                icon={IconScreencast}
                label={t(sharing ? "bar.unshare" : "bar.share")}
                keys={["P"]}
                on={sharing}
                className={styles.share ?? ""}
                onClick={onShare}
              />
            )}
          </>
        )}
        <Menu
          label={t("bar.more")}
          side="top-start"
          trigger={<Control icon={IconDotsThree} label={t("bar.more")} />}
        >
          <MenuItem icon={IconSlidersHorizontal} onSelect={() => onPanel("devices")}>
            {t("devices.title")}
          </MenuItem>
          <MenuItem icon={layout === "grid" ? IconLayout : IconGridFour} keys={["G"]} onSelect={onLayout}>
            {t(layout === "grid" ? "bar.layoutSpeaker" : "bar.layoutGrid")}
          </MenuItem>
          <MenuItem icon={IconKeyboard} keys={["?"]} onSelect={onShortcuts}>
            {t("bar.shortcuts")}
          </MenuItem>
        </Menu>
        <span className={styles.gap} />
        <Control icon={IconPhoneX} label={t("bar.leave")} leaves onClick={onLeave} />
      </div>
      <div className={styles.sides}>
        <IconButton
          icon={IconUsers}
          iconSize={22}
          label={t("bar.people")}
          keys={["L"]}
          side="top"
          count={people}
          pressed={panel === "people"}
          onClick={() => onPanel("people")}
        />
        {chat && (
          <span className={styles.marked}>
            <IconButton
              icon={IconChatCircle}
              iconSize={22}
              label={t("bar.chat")}
              keys={["C"]}
              side="top"
              pressed={panel === "chat"}
              onClick={() => onPanel("chat")}
            />
            {chat.unread > 0 && panel !== "chat" && <span className={styles.dot} aria-hidden="true" />}
          </span>
        )}
      </div>
    </footer>
  );
}

export function Microphone({ room }: { room: CallRoom }): ReactElement {
  const { t } = useTranslation("meet");
  const { wanted, out, toggle } = useSource(room, "microphone");
  // Asked for and not out yet: the truth is that nobody hears anything, and that it is coming.
  const coming = wanted && !out;
  return (
    <Control
      icon={out || coming ? IconMicrophone : IconMicrophoneSlash}
      label={t(coming ? "bar.opening" : out ? "bar.mute" : "bar.unmute")}
      keys={["M"]}
      off={!out && !coming}
      busy={coming}
      data-out={out || undefined}
      onClick={toggle}
    />
  );
}

function Camera({ room }: { room: CallRoom }): ReactElement {
  const { t } = useTranslation("meet");
  const { wanted, out, toggle } = useSource(room, "camera");
  const coming = wanted && !out;
  return (
    <Control
      icon={out || coming ? IconVideoCamera : IconVideoCameraSlash}
      label={t(coming ? "bar.cameraOpening" : out ? "bar.cameraOff" : "bar.cameraOn")}
      keys={["V"]}
      off={!out && !coming}
      busy={coming}
      data-out={out || undefined}
      onClick={toggle}
    />
  );
}
