import { type ReactElement, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { words } from "#/core/api/content";
import type { FileView } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { contentUrl, previewUrl } from "#/files/queries";
import { IconButton } from "#/ui/control/IconButton";
import { FileName } from "#/ui/file/FileIcon";
import { IconCaretLeft, IconCaretRight, IconDownloadSimple, IconX } from "#/ui/icon";
import styles from "./Viewer.module.css";

/** A finger that went this far sideways meant the next picture. */
const SWIPE = 48;

/**
 * A picture as large as the window allows, dark in both themes; the arrows go through those of the same message.
 * A dialog of the browser's own: the focus stays in it, Esc closes it, and the focus goes back.
 */
export function Viewer({
  pictures,
  at,
  onMove,
  onClose,
}: {
  pictures: readonly FileView[];
  at: number;
  onMove: (id: string) => void;
  onClose: () => void;
}): ReactElement | null {
  const { t } = useTranslation("chat");
  const { t: ui } = useTranslation("ui");
  const format = useFormat();
  const dialog = useRef<HTMLDialogElement>(null);
  const touched = useRef<number | null>(null);
  // Closed while it is still in the page, it gives the focus back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);

  const file = pictures[at];
  if (!file) return null;
  const name = words(file.name);
  const move = (by: number): void => {
    const next = pictures[at + by];
    if (next) onMove(next.id);
  };

  return (
    <dialog
      ref={dialog}
      className={styles.viewer}
      data-theme="dark"
      aria-label={t("viewer.label", { name })}
      onClose={() => {
        // What we close ourselves is told of a moment later, when it may be open again.
        if (!dialog.current?.open) onClose();
      }}
      onClick={(event) => {
        // Beside the picture and the controls is outside.
        if (event.target instanceof HTMLElement && event.target.dataset["outside"]) onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") move(-1);
        else if (event.key === "ArrowRight") move(1);
        // Escape is the dialog's: nothing behind it closes as well.
        event.stopPropagation();
      }}
      onTouchStart={(event) => {
        touched.current = event.touches.length === 1 ? (event.touches[0]?.clientX ?? null) : null;
      }}
      onTouchEnd={(event) => {
        const from = touched.current;
        const to = event.changedTouches[0]?.clientX;
        touched.current = null;
        if (from === null || to === undefined || Math.abs(to - from) < SWIPE) return;
        move(to > from ? -1 : 1);
      }}
    >
      <header className={styles.head}>
        <div className={styles.words}>
          <FileName name={name} />
          <span className={styles.about}>
            {pictures.length > 1 && (
              <span>{t("viewer.position", { at: at + 1, count: pictures.length })}</span>
            )}
            <span>{format.size(file.size)}</span>
          </span>
        </div>
        <a
          className={styles.download}
          href={contentUrl(file.id)}
          download={name}
          aria-label={t("viewer.download")}
          title={t("viewer.download")}
        >
          <IconDownloadSimple size={20} />
        </a>
        <IconButton icon={IconX} label={ui("close")} keys={["escape"]} onClick={onClose} />
      </header>
      <div className={styles.stage} data-outside="true">
        <Large key={file.id} file={file} name={name} />
      </div>
      {at > 0 && (
        <span className={styles.previous}>
          <IconButton
            icon={IconCaretLeft}
            iconSize={24}
            label={t("viewer.previous")}
            keys={["←"]}
            onClick={() => move(-1)}
          />
        </span>
      )}
      {at < pictures.length - 1 && (
        <span className={styles.next}>
          <IconButton
            icon={IconCaretRight}
            iconSize={24}
            label={t("viewer.next")}
            keys={["→"]}
            onClick={() => move(1)}
          />
        </span>
      )}
    </dialog>
  );
}

/** The small copy, which is here already, until the large one has come. */
function Large({ file, name }: { file: FileView; name: string }): ReactElement {
  const { t } = useTranslation("chat");
  const [state, setState] = useState<"coming" | "here" | "failed">("coming");
  if (state === "failed" || file.preview !== "ready") {
    return <p className={styles.failed}>{t("viewer.failed")}</p>;
  }
  const size = {
    ...(file.width !== null && { width: file.width }),
    ...(file.height !== null && { height: file.height }),
  };
  return (
    <>
      {state === "coming" && (
        <img className={styles.picture} src={previewUrl(file.id, 480)} alt="" {...size} />
      )}
      <img
        className={styles.picture}
        data-coming={state === "coming" || undefined}
        src={previewUrl(file.id, 1600)}
        alt={name}
        {...size}
        onLoad={() => setState("here")}
        onError={() => setState("failed")}
      />
    </>
  );
}
