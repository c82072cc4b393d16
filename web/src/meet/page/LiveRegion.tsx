import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Member } from "../room/members";
import styles from "./LiveRegion.module.css";
import type { Named } from "./naming";

/** In a crowd, who comes and goes is only noise. */
const QUIET_FROM = 13;
const GATHER_MS = 1_200;

/** Says who came, who left and who shares their screen to those who do not see it, a few together, and nothing in a crowd. */
export function LiveRegion({
  members,
  names,
}: {
  members: readonly Member[];
  names: ReadonlyMap<string, Named>;
}): ReactElement {
  const { t } = useTranslation("meet");
  const [said, setSaid] = useState("");
  const before = useRef<{ members: readonly Member[]; names: ReadonlyMap<string, Named> } | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      const last = before.current;
      before.current = { members, names };
      if (!last || last.members.length === 0 || members.length >= QUIET_FROM) return;
      const others = members.filter(({ self }) => !self);
      const has = (all: readonly Member[], identity: string): boolean =>
        all.some((one) => one.identity === identity);
      const called = (all: ReadonlyMap<string, Named>, identity: string): string =>
        all.get(identity)?.name ?? t("someone");
      const lines = [
        ...others
          .filter(({ identity }) => !has(last.members, identity))
          .map(({ identity }) => t("live.joined", { names: called(names, identity) })),
        ...last.members
          .filter(({ identity, self }) => !self && !has(members, identity))
          .map(({ identity }) => t("live.left", { names: called(last.names, identity) })),
        ...others
          .filter(
            ({ identity, screen }) =>
              screen && !last.members.some((one) => one.identity === identity && one.screen),
          )
          .map(({ identity }) => t("live.shares", { name: called(names, identity) })),
      ];
      if (lines.length > 0) setSaid(lines.join(". "));
    }, GATHER_MS);
    return () => clearTimeout(timer);
  }, [members, names, t]);
  return (
    <p className={styles.said} aria-live="polite">
      {said}
    </p>
  );
}
