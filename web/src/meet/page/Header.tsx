import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useFormat, useMinute } from "#/core/format/useFormat";
import { DirectPicture } from "#/spaces/list/SpaceList";
import type { SpaceRow } from "#/spaces/spaces";
import { Unsealed } from "#/spaces/Unsealed";
import { IconButton } from "#/ui/control/IconButton";
import { IconArrowLeft, IconGridFour, IconLayout } from "#/ui/icon";
import { SpaceSquare } from "#/ui/identity/SpaceSquare";
import { LabelPill } from "#/ui/mark/LabelPill";
import styles from "./Header.module.css";
import type { Layout } from "./Stage";

/** Where the call is held and under which label, how long it has lasted, and how it is looked at. */
export function Header({
  row,
  back,
  startedAt,
  layout,
  onLayout,
}: {
  row: SpaceRow;
  /** What the way back says. */
  back: string;
  startedAt?: number | null;
  layout?: Layout;
  onLayout?: () => void;
}): ReactElement {
  const { t } = useTranslation("meet");
  const { own, id, name } = row;
  return (
    <header className={styles.header}>
      <Link
        to="/spaces/$spaceId"
        params={{ spaceId: id }}
        className={styles.back}
        aria-label={back}
        title={back}
      >
        <IconArrowLeft size={22} />
      </Link>
      {own.space.kind === "direct" ? (
        <DirectPicture row={row} size={28} />
      ) : (
        <SpaceSquare id={id} size={28} />
      )}
      <h1 className={styles.name} title={name}>
        {name}
      </h1>
      <LabelPill label={own.space.label} />
      <span className={styles.sealing}>
        <Unsealed label={own.space.label} side="bottom" />
      </span>
      <span className={styles.right}>
        {startedAt != null && <Duration startedAt={startedAt} />}
        {layout && onLayout && (
          <IconButton
            icon={layout === "grid" ? IconLayout : IconGridFour}
            iconSize={22}
            label={t(layout === "grid" ? "bar.layoutSpeaker" : "bar.layoutGrid")}
            keys={["G"]}
            onClick={onLayout}
          />
        )}
      </span>
    </header>
  );
}

const MINUTE = 60_000;

function Duration({ startedAt }: { startedAt: number }): ReactElement | null {
  const { t } = useTranslation("meet");
  const format = useFormat();
  // To the minute, and not before there is one.
  const lasted = useMinute() - startedAt;
  if (lasted < MINUTE) return null;
  return (
    <span className={styles.duration} title={t("header.since")}>
      {format.duration(lasted)}
    </span>
  );
}
