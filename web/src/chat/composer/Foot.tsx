import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "#/core/format/useFormat";
import { useHouse } from "#/core/journal/live";
import { useTyping } from "../useTyping";
import styles from "./Foot.module.css";

/** Under the field: at the left who is writing, at the right who can read; near the limit, how much is left. */
export function Foot({
  channelId,
  readers,
  sealing,
  note,
}: {
  channelId: string;
  readers: string;
  /** What else is to be known of who can read. */
  sealing: ReactNode;
  note: ReactNode;
}): ReactElement {
  return (
    <div className={styles.foot}>
      <Typing channelId={channelId} />
      <span className={styles.note}>{note}</span>
      <span className={styles.readers} title={readers}>
        {readers}
      </span>
      {sealing}
    </div>
  );
}

function Typing({ channelId }: { channelId: string }): ReactElement {
  const { t } = useTranslation("chat");
  const { t: someone } = useTranslation("people");
  const format = useFormat();
  const people = useHouse((house) => house.people);
  const names = useTyping(channelId).map((id) => people[id]?.given_name ?? someone("someone"));
  const [one] = names;
  const text =
    names.length > 1
      ? t("typing.some", { names: format.names(names) })
      : one
        ? t("typing.one", { name: one })
        : "";
  return (
    <span className={styles.typing} aria-live="off">
      {text}
    </span>
  );
}
