import { Outlet } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#/core/session/useMe";
import { TabLink } from "#/ui/control/Tabs";
import { type Icon, IconGridFour, IconListBullets, IconScales, IconUsers } from "#/ui/icon";
import styles from "./AdministrationLayout.module.css";

const PAGES = [
  { to: "/administration/people", name: "people", ability: "people:agent:invite", icon: IconUsers },
  { to: "/administration/spaces", name: "spaces", ability: "spaces:book:read", icon: IconGridFour },
  { to: "/administration/audit", name: "audit", ability: "audit:trail:read", icon: IconListBullets },
  {
    to: "/administration/hosting",
    name: "hosting",
    ability: "hosting:declaration:make",
    icon: IconScales,
  },
] as const satisfies readonly { to: string; name: string; ability: string; icon: Icon }[];

/** The pages of who holds an office, side by side: each sees those that are theirs. */
export function AdministrationLayout(): ReactElement {
  const { t } = useTranslation("administration");
  const { abilities } = useMe();
  const mine = PAGES.filter(({ ability }) => abilities.includes(ability));
  return (
    <div className={styles.layout}>
      {mine.length > 0 && (
        <nav className={styles.side} aria-label={t("nav")}>
          <p className={styles.name}>{t("title")}</p>
          <ul className={styles.pages}>
            {mine.map(({ to, name, icon }) => (
              <TabLink key={to} to={to} icon={icon}>
                {t(name)}
              </TabLink>
            ))}
          </ul>
        </nav>
      )}
      <div className={styles.content}>
        <Outlet />
      </div>
    </div>
  );
}
