import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "#/core/format/useFormat";
import { useReason } from "#/core/i18n/useSentence";
import type { Uploading } from "#/files/uploads";
import { ProgressLine } from "#/ui/control/ProgressLine";
import { FileIcon, FileName } from "#/ui/file/FileIcon";
import { fileKind } from "#/ui/file/kind";
import { IconArrowClockwise, IconX } from "#/ui/icon";
import styles from "./UploadChip.module.css";

/** A file on its way: what it is, how far it is, and the way to stop it. */
export function UploadChip({
  upload,
  onRetry,
  onRemove,
}: {
  upload: Uploading;
  onRetry?: (id: string) => void;
  onRemove?: (upload: Uploading) => void;
}): ReactElement {
  const { t } = useTranslation("chat");
  const format = useFormat();
  const { id, name, size, sent, state } = upload;
  const why = useReason();
  const picture = usePicture(upload);
  return (
    <div className={styles.chip} data-state={state}>
      {picture ? (
        <img className={styles.picture} src={picture} alt="" />
      ) : (
        <FileIcon kind={fileKind(upload.media_type)} />
      )}
      <div className={styles.words}>
        <FileName name={name} />
        <span className={styles.about}>
          {state === "failed"
            ? (upload.problem && why(upload.problem)) || t("compose.uploadFailed")
            : format.size(size)}
        </span>
      </div>
      {state === "failed" && onRetry && (
        <button
          type="button"
          className={styles.act}
          aria-label={t("compose.retryFile", { name })}
          onClick={() => onRetry(id)}
        >
          <IconArrowClockwise size={16} />
        </button>
      )}
      {onRemove && (
        <button
          type="button"
          className={styles.act}
          aria-label={t("compose.remove", { name })}
          onClick={() => onRemove(upload)}
        >
          <IconX size={16} />
        </button>
      )}
      {(state === "waiting" || state === "sending") && (
        <div className={styles.progress}>
          <ProgressLine share={size > 0 ? sent / size : null} label={t("compose.uploading", { name })} />
        </div>
      )}
    </div>
  );
}

const SHOWN = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/u;
const LARGEST = 25_000_000;

/** A small picture of one's own file while it is on its way: from this device's memory, not from the server. */
function usePicture({ blob, media_type, size }: Uploading): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!SHOWN.test(media_type) || size > LARGEST) return;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob, media_type, size]);
  return url;
}
