import { useParams } from "@tanstack/react-router";
import { type ReactElement, useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { DropZone } from "#/chat/composer/DropZone";
import { isPicture } from "#/chat/files/pictures";
import { Viewer } from "#/chat/files/Viewer";
import { words } from "#/core/api/content";
import type { FileView, Label } from "#/core/api/schema";
import { useHouse } from "#/core/journal/live";
import { Closed, useObstacleWords } from "#/spaces/Closed";
import { obstacle } from "#/spaces/obstacle";
import { may, readersOf, type SpaceRow } from "#/spaces/spaces";
import { isUnsealed, Unsealed } from "#/spaces/Unsealed";
import { useSpace } from "#/spaces/useSpaces";
import { Button } from "#/ui/control/Button";
import { IconUploadSimple } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { VirtualList } from "#/ui/list/VirtualList";
import { EmptyState } from "#/ui/state/EmptyState";
import { RowBones } from "#/ui/state/Skeleton";
import { FileDetails } from "./FileDetails";
import { FileRow } from "./FileRow";
import styles from "./FilesPage.module.css";
import { removeFile, useFiles } from "./queries";
import { UploadRows } from "./UploadRows";
import { FILES, useUploads } from "./uploads";

const ROW = 43;

/** The files of a space. */
export function FilesPage(): ReactElement | null {
  const { spaceId } = useParams({ from: "/house/spaces/$spaceId/files" });
  const space = useSpace(spaceId);
  if (!space) return null;
  // Switched off while one looks at them, they are gone at once; what was asked for goes no further.
  if (!may(space.own, "files:file:read")) return <Closed row={space} action="files:file:read" />;
  return <SpaceFiles key={spaceId} space={space} />;
}

function SpaceFiles({ space }: { space: SpaceRow }): ReactElement {
  const { t } = useTranslation("files");
  const me = useHouse((house) => house.me);
  const toasts = useToasts();
  const files = useFiles(space.id);
  const { uploads, start, retry, remove } = useUploads(space.id, FILES);
  const [chosen, setChosen] = useState<string | null>(null);
  const [viewed, setViewed] = useState<string | null>(null);
  // A file that is about to be removed is out of sight until it is, or until one thinks better of it.
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const input = useRef<HTMLInputElement>(null);
  const mayAdd = may(space.own, "files:file:upload");
  const obstacleWords = useObstacleWords();
  const manages = space.own.role === "manager";

  const shown = useMemo(
    () => (files.list?.files ?? []).filter(({ id }) => !leaving.has(id)),
    [files.list, leaving],
  );
  const pictures = useMemo(() => shown.filter(isPicture), [shown]);
  const file = shown.find(({ id }) => id === chosen);
  const at = pictures.findIndex(({ id }) => id === viewed);

  const add = useCallback((added: readonly File[]) => void start(added), [start]);
  const close = useCallback(() => setChosen(null), []);

  const takeAway = (gone: FileView): void => {
    setChosen(null);
    setLeaving((before) => new Set(before).add(gone.id));
    const comeBack = (): void => setLeaving((before) => new Set([...before].filter((id) => id !== gone.id)));
    toasts.show({
      text: t("removed", { name: words(gone.name) }),
      undo: comeBack,
      onGone: () => {
        removeFile(gone.id).catch(() => {
          comeBack();
          toasts.show({ text: t("notRemoved", { name: words(gone.name) }) });
        });
      },
    });
  };

  const obstructed = obstacle(space, "files:file:upload");
  // That the space is read-only is said once, under its header.
  const why =
    obstructed?.kind === "reader"
      ? t("readsOnly")
      : obstructed?.kind === "held"
        ? null
        : obstacleWords(obstructed);
  const empty = files.list !== undefined && shown.length === 0 && uploads.length === 0;
  return (
    <DropZone enabled={mayAdd} onFiles={add} label={t("drop")}>
      <div
        className={styles.page}
        onPaste={(event) => {
          if (mayAdd && event.clipboardData.files.length > 0) add([...event.clipboardData.files]);
        }}
      >
        <section className={styles.main} aria-label={t("title")}>
          <header className={styles.head}>
            <h2 className={styles.title}>{t("title")}</h2>
            {files.list && files.list.next === null && shown.length > 0 && (
              <span className={styles.count}>{t("count", { count: shown.length })}</span>
            )}
            {mayAdd ? (
              <Button
                variant="primary"
                icon={IconUploadSimple}
                className={styles.add ?? ""}
                onClick={() => input.current?.click()}
              >
                {t("add")}
              </Button>
            ) : (
              <span className={styles.reads}>{why}</span>
            )}
            <input
              ref={input}
              type="file"
              multiple
              hidden
              onChange={(event) => {
                add([...(event.target.files ?? [])]);
                event.target.value = "";
              }}
            />
          </header>
          <Unsealing label={space.own.space.label} />
          <UploadRows uploads={uploads} onRetry={retry} onRemove={remove} />
          {!empty && <Columns />}
          {files.isPending && <RowBones count={9} height={ROW} picture={24} />}
          {files.error && !files.list && (
            <div className={styles.failed}>
              <Closed row={space} action="files:file:read" error={files.error} onRetry={files.retry} />
            </div>
          )}
          {empty && (
            <div className={styles.empty}>
              <EmptyState
                text={t(mayAdd ? "empty" : "emptyReader")}
                action={
                  mayAdd && (
                    <Button variant="primary" icon={IconUploadSimple} onClick={() => input.current?.click()}>
                      {t("addFirst")}
                    </Button>
                  )
                }
              />
            </div>
          )}
          {shown.length > 0 && (
            <VirtualList
              items={shown}
              rowHeight={ROW}
              keyOf={({ id }) => id}
              label={t("title")}
              className={styles.list ?? ""}
              onNearEnd={files.loadMore}
              row={(one) => (
                <FileRow file={one} chosen={one.id === chosen} onChoose={() => setChosen(one.id)} />
              )}
            />
          )}
        </section>
        {file && (
          <FileDetails
            file={file}
            mayRemove={may(space.own, "files:file:remove") && (manages || file.created_by === me)}
            members={readersOf(space.own)}
            onView={() => setViewed(file.id)}
            onRemove={() => takeAway(file)}
            onClose={close}
          />
        )}
        {at >= 0 && <Viewer pictures={pictures} at={at} onMove={setViewed} onClose={() => setViewed(null)} />}
      </div>
    </DropZone>
  );
}

function Unsealing({ label }: { label: Label }): ReactElement | null {
  if (!isUnsealed(label)) return null;
  return (
    <p className={styles.sealing}>
      <Unsealed label={label} side="bottom" />
    </p>
  );
}

function Columns(): ReactElement {
  const { t } = useTranslation("files");
  return (
    <div className={styles.columns} aria-hidden="true">
      <span className={styles.columnName}>{t("column.name")}</span>
      <span>{t("column.by")}</span>
      <span>{t("column.at")}</span>
      <span className={styles.columnSize}>{t("column.size")}</span>
    </div>
  );
}
