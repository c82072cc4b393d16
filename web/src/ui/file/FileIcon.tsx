import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import {
  type Icon,
  IconFile,
  IconFileAudio,
  IconFileCode,
  IconFileDoc,
  IconFileImage,
  IconFilePdf,
  IconFileVideo,
  IconFileZip,
  IconFolder,
  IconPresentationChart,
  IconTable,
} from "../icon";
import styles from "./FileIcon.module.css";
import { type FileKind, splitName } from "./kind";

const DRAWINGS: Record<FileKind, Icon> = {
  folder: IconFolder,
  text: IconFileDoc,
  pdf: IconFilePdf,
  sheet: IconTable,
  slides: IconPresentationChart,
  image: IconFileImage,
  video: IconFileVideo,
  audio: IconFileAudio,
  archive: IconFileZip,
  code: IconFileCode,
  other: IconFile,
};

/** The drawing of a kind of file; says the kind to readers. */
export function FileIcon({ kind, size = 24 }: { kind: FileKind; size?: number }): ReactElement {
  const { t } = useTranslation("ui");
  const Drawing = DRAWINGS[kind];
  return <Drawing size={size} label={t(`file.${kind}`)} className={styles.icon} />;
}

/** A file's name on one line; a long one loses its middle, never its ending. */
export function FileName({ name }: { name: string }): ReactElement {
  const { stem, ending } = splitName(name);
  return (
    <span className={styles.name} title={name}>
      <span className={styles.stem}>{stem}</span>
      <span className={styles.ending}>{ending}</span>
    </span>
  );
}
