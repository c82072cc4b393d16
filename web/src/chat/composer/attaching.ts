import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "#/core/store";
import { removeFile } from "#/files/queries";
import { type Uploading, useUploads } from "#/files/uploads";
import { useToasts } from "#/ui/layer/Toasts";
import { departures } from "./departures";
import { FILES_MOST } from "./length";

/** The files of the message one is writing. */
export type Attaching = {
  readonly uploads: readonly Uploading[];
  /** Puts files on their way at once. */
  readonly attach: (files: readonly File[]) => void;
  readonly retry: (id: string) => void;
  readonly remove: (upload: Uploading) => void;
};

/** What is attached to the next message of a channel; what belongs to one that is leaving already is not. */
export function useAttaching(spaceId: string, channelId: string): Attaching {
  const { t } = useTranslation("chat");
  const toasts = useToasts();
  const { uploads, start, retry, remove } = useUploads(spaceId, channelId);
  const leaving = useStore(departures, (all) => all);
  const mine = useMemo(() => {
    const gone = new Set(leaving.flatMap((one) => one.uploads));
    return uploads.filter(({ id }) => !gone.has(id));
  }, [uploads, leaving]);
  const attach = useCallback(
    (files: readonly File[]) => {
      const room = FILES_MOST - mine.length;
      if (files.length > room) toasts.show({ text: t("compose.tooMany", { count: FILES_MOST }) });
      if (room > 0) start(files.slice(0, room));
    },
    [mine.length, start, toasts, t],
  );
  const take = useCallback(
    (upload: Uploading) => {
      remove(upload.id);
      // It was never shown to anyone: what is on the server already is not to stay in the space.
      if (upload.file) removeFile(upload.file.id).catch(() => undefined);
    },
    [remove],
  );
  return useMemo(() => ({ uploads: mine, attach, retry, remove: take }), [mine, attach, retry, take]);
}
