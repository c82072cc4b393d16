import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef, ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#/core/session/useMe";
import { useUnread } from "#/spaces/useUnread";
import { type Icon, IconHouse, IconList, IconSquaresFour, IconUsersThree } from "#/ui/icon";
import { Logo } from "#/ui/mark/Logo";
import { useFrame } from "./frameContext";
import { OwnMenu } from "./OwnMenu";
import styles from "./Rail.module.css";

/** The rail at the left: where one can go, each place by its icon and its word, and one's own picture at the foot. */
export function Rail(): ReactElement {
  const { t } = useTranslation();
  const { drawerOpen, toggleDrawer } = useFrame();
  return (
    <nav className={styles.rail} aria-label={t("rail")}>
      <Logo size={32} />
      <button type="button" className={styles.toggle} aria-expanded={drawerOpen} onClick={toggleDrawer}>
        <IconList size={22} />
        <span>{t("list.short")}</span>
      </button>
      <ul className={styles.places}>
        <Places />
      </ul>
      <div className={styles.foot}>
        <OwnMenu />
      </div>
    </nav>
  );
}

/** The places of the rail and of the bar: one list, so that both always agree. */
export function Places(): ReactElement {
  const { t } = useTranslation();
  const unread = useUnread();
  const me = useMe();
  return (
    <>
      <Place to="/" icon={IconHouse} activeOptions={{ exact: true }}>
        {t("nav.place")}
      </Place>
      <Place to="/spaces" icon={IconSquaresFour} mark={unread > 0}>
        {t("nav.spaces")}
      </Place>
      {me.abilities.includes("people:directory:search") && (
        <Place to="/people" icon={IconUsersThree}>
          {t("nav.people")}
        </Place>
      )}
    </>
  );
}

type PlaceProps = ComponentPropsWithRef<"a"> & { icon: Icon; mark?: boolean; children?: ReactNode };

function PlaceAnchor({ icon: Drawing, mark, children, ...rest }: PlaceProps): ReactElement {
  const { t } = useTranslation("ui");
  return (
    <li>
      <a {...rest} className={styles.place}>
        <span className={styles.icon}>
          <Drawing size={22} />
          {mark && <span className={styles.mark} role="img" aria-label={t("unreadSome")} />}
        </span>
        <span>{children}</span>
      </a>
    </li>
  );
}

const Place = createLink(PlaceAnchor);
