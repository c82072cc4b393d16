import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { words } from "#/core/api/content";
import type { FileView } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { contentUrl, previewUrl } from "#/files/queries";
import { FileIcon, FileName } from "#/ui/file/FileIcon";
import { fileKind } from "#/ui/file/kind";
import { IconDownloadSimple } from "#/ui/icon";
import styles from "./Attachments.module.css";
import { boxOf, hasBox, isPicture } from "./pictures";
import { Viewer } from "./Viewer";

/** The files of a message: pictures as our own copies of them, anything else as a card to download. */
export function Attachments({
  files,
  mayOpen,
}: {
  files: readonly FileView[];
  mayOpen: boolean;
}): ReactElement {
  return mayOpen ? <Open files={files} /> : <Shut files={files} />;
}

/** What hung on the message while the files of the space may not be read. The server tells no names then; kept ones stay. */
function Shut({ files }: { files: readonly FileView[] }): ReactElement {
  const { t } = useTranslation("spaces");
  return (
    <div className={styles.files}>
      <ul className={styles.cards}>
        {files.map((file) => (
          <li key={file.id}>
            <span className={styles.card}>
              <FileIcon kind={fileKind(file.media_type)} />
              <span className={styles.words}>
                {words(file.name) !== "" && <FileName name={words(file.name)} />}
                <span className={styles.size}>{t("closed.file")}</span>
              </span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Open({ files }: { files: readonly FileView[] }): ReactElement {
  const boxes = files.filter(hasBox);
  const pictures = boxes.filter(isPicture);
  const others = files.filter((file) => !hasBox(file));
  const [open, setOpen] = useState<string | null>(null);
  const at = pictures.findIndex(({ id }) => id === open);
  return (
    <div className={styles.files}>
      {boxes.length > 0 && (
        <ul className={styles.pictures}>
          {boxes.map((file) => (
            <li key={file.id}>
              <Picture file={file} alone={boxes.length === 1} onOpen={() => setOpen(file.id)} />
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <ul className={styles.cards}>
          {others.map((file) => (
            <li key={file.id}>
              <Card file={file} />
            </li>
          ))}
        </ul>
      )}
      {at >= 0 && (
        <Viewer pictures={pictures} at={at} onMove={(next) => setOpen(next)} onClose={() => setOpen(null)} />
      )}
    </div>
  );
}

function Picture({
  file,
  alone,
  onOpen,
}: {
  file: FileView;
  alone: boolean;
  onOpen: () => void;
}): ReactElement {
  const { t } = useTranslation("chat");
  const [lost, setLost] = useState(false);
  const name = words(file.name);
  const { width, height } = boxOf(file, alone);
  // A narrow window makes it smaller, and its shape stays.
  const room = { width, aspectRatio: `${width} / ${height}` };
  if (lost || file.preview === "failed") {
    // It cannot be shown; its room stays, and leads to the file itself.
    const label = `${t("file.download")} ${name}`;
    return (
      <a
        className={styles.pending}
        style={room}
        href={contentUrl(file.id)}
        download={name}
        aria-label={label}
        title={label}
      >
        <FileIcon kind="image" />
      </a>
    );
  }
  if (file.preview !== "ready") {
    return (
      <span className={styles.pending} style={room} role="img" aria-label={`${name}, ${t("file.pending")}`}>
        <FileIcon kind="image" />
      </span>
    );
  }
  return (
    <button
      type="button"
      className={styles.picture}
      style={room}
      onClick={onOpen}
      aria-label={t("file.open", { name })}
      title={name}
    >
      <img
        src={previewUrl(file.id, 480)}
        alt=""
        width={width}
        height={height}
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setLost(true)}
      />
    </button>
  );
}

function Card({ file }: { file: FileView }): ReactElement {
  const { t } = useTranslation("chat");
  const format = useFormat();
  const name = words(file.name);
  return (
    <a className={styles.card} href={contentUrl(file.id)} download={name}>
      <FileIcon kind={fileKind(file.media_type)} />
      <span className={styles.words}>
        <FileName name={name} />
        <span className={styles.size}>{format.size(file.size)}</span>
      </span>
      <IconDownloadSimple size={20} label={t("file.download")} className={styles.download} />
    </a>
  );
}
