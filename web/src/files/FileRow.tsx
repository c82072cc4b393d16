import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAuthor } from "#/chat/useAuthor";
import { words } from "#/core/api/content";
import type { FileView } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { FileIcon, FileName } from "#/ui/file/FileIcon";
import { fileKind } from "#/ui/file/kind";
import { Avatar } from "#/ui/identity/Avatar";
import { Time } from "#/ui/text/Marks";
import styles from "./FileRow.module.css";

/** A file in its list: choosing it shows its details beside. */
export function FileRow({
  file,
  chosen,
  onChoose,
}: {
  file: FileView;
  chosen: boolean;
  onChoose: () => void;
}): ReactElement {
  const { t } = useTranslation("files");
  const format = useFormat();
  const { face } = useAuthor(file.created_by);
  const at = Date.parse(file.created_at);
  return (
    <button
      type="button"
      className={styles.row}
      aria-pressed={chosen}
      data-chosen={chosen || undefined}
      onClick={onChoose}
    >
      <FileIcon kind={fileKind(file.media_type)} />
      <span className={styles.name}>
        <FileName name={words(file.name)} />
      </span>
      <span className={styles.by}>
        <Avatar person={face} size={20} />
        <span className={styles.cut}>{face.name}</span>
      </span>
      <span className={styles.at}>
        <Time at={at}>{format.shortTime(at)}</Time>
      </span>
      <span className={styles.size}>{format.size(file.size)}</span>
      <span className={styles.small}>
        {t("row.small", {
          by: face.name,
          at: format.shortTime(at),
          size: format.size(file.size),
        })}
      </span>
    </button>
  );
}
