import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "#/core/format/useFormat";
import { useReason } from "#/core/i18n/useSentence";
import { IconButton } from "#/ui/control/IconButton";
import { ProgressLine } from "#/ui/control/ProgressLine";
import { FileIcon, FileName } from "#/ui/file/FileIcon";
import { fileKind } from "#/ui/file/kind";
import { IconArrowClockwise, IconX } from "#/ui/icon";
import styles from "./UploadRows.module.css";
import type { Uploading } from "./uploads";

/** What is on its way into the list; what has arrived is in the list itself. */
export function UploadRows({
  uploads,
  onRetry,
  onRemove,
}: {
  uploads: readonly Uploading[];
  onRetry: (id: string) => void;
  onRemove: (id: string) => void;
}): ReactElement | null {
  const { t } = useTranslation("files");
  const underWay = uploads.filter(({ state }) => state !== "done");
  if (underWay.length === 0) return null;
  return (
    <ul className={styles.uploads} aria-label={t("underWay")}>
      {underWay.map((one) => (
        <li key={one.id} className={styles.upload}>
          <FileIcon kind={fileKind(one.media_type)} />
          <div className={styles.words}>
            <FileName name={one.name} />
            <State one={one} />
          </div>
          {one.state === "failed" && (
            <IconButton icon={IconArrowClockwise} label={t("again")} onClick={() => onRetry(one.id)} />
          )}
          <IconButton icon={IconX} label={t("stop", { name: one.name })} onClick={() => onRemove(one.id)} />
        </li>
      ))}
    </ul>
  );
}

function State({ one }: { one: Uploading }): ReactElement {
  const { t } = useTranslation("files");
  const format = useFormat();
  const why = useReason();
  if (one.state === "failed") {
    return (
      <p className={styles.failed} role="alert">
        {one.problem ? why(one.problem) : t("lost")}
      </p>
    );
  }
  // All is out, and the server makes sure of it before it says so.
  const whole = one.sent >= one.size;
  return (
    <>
      <ProgressLine
        share={one.state === "waiting" || whole ? null : one.sent / one.size}
        label={t("progress", { name: one.name })}
      />
      <p className={styles.far}>
        {t(one.state === "waiting" ? "waiting" : whole ? "storing" : "far", {
          sent: format.size(one.sent),
          size: format.size(one.size),
        })}
      </p>
    </>
  );
}
