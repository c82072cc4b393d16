import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Label, SpaceKind } from "#/core/api/schema";
import {
  type Icon,
  IconClockCounterClockwise,
  IconDoorOpen,
  IconEye,
  IconGlobe,
  IconIdentificationBadge,
  IconLockSimple,
  IconUserPlus,
} from "#/ui/icon";
import styles from "./Effects.module.css";

type Effect = "agents" | "guests" | "invited" | "freely" | "closed" | "published" | "unsealed" | "journal";

const ICONS: Record<Effect, Icon> = {
  agents: IconIdentificationBadge,
  guests: IconIdentificationBadge,
  invited: IconUserPlus,
  freely: IconDoorOpen,
  closed: IconLockSimple,
  published: IconGlobe,
  unsealed: IconEye,
  journal: IconClockCounterClockwise,
};

/** What holds in a space of a label, today: the rules that the server decides by, in the order in which they matter. */
export function effectsOf(label: Label, kind: SpaceKind): readonly Effect[] {
  const strict = label === "sensitive" || label === "restricted";
  const entry: Effect[] = strict ? ["invited", "closed"] : [kind === "community" ? "freely" : "invited"];
  return [
    ...(strict ? (["unsealed", "agents"] as const) : (["guests"] as const)),
    ...entry,
    ...(label === "public" ? (["published"] as const) : []),
    "journal",
  ];
}

/** What a label does, line by line. */
export function Effects({ label, kind }: { label: Label; kind: SpaceKind }): ReactElement {
  const { t } = useTranslation("spaces");
  return (
    <ul className={styles.effects}>
      {effectsOf(label, kind).map((effect) => {
        const Drawing = ICONS[effect];
        return (
          <li key={effect} className={styles.effect}>
            <Drawing size={20} />
            <div>
              <p className={styles.what}>{t(`effect.${effect}.title`)}</p>
              <p className={styles.how}>{t(`effect.${effect}.text`)}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
