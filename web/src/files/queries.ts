import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, take } from "#/core/api/client";
import { along } from "#/core/journal/along";
import { keeper } from "#/core/journal/live";
import { queries } from "#/core/queries";
import { useAct } from "#/core/useAct";
import { filesKeys } from "./keys";
import { type FileList, heardInList, withPage } from "./list";

const PAGE = 60;

const kept = (space: string): FileList | undefined => queries.getQueryData<FileList>(filesKeys.list(space));

function ask(space: string, after: string | null): Promise<FileList> {
  const query = after === null ? { limit: PAGE } : { limit: PAGE, after };
  return along(
    keeper,
    () => take(api.GET("/api/spaces/{space_id}/files", { params: { path: { space_id: space }, query } })),
    // What is added while a later page is on its way belongs to the first one.
    (list: FileList, frame) =>
      after !== null && frame.e.type === "files.file.added" ? list : heardInList(list, frame, space),
  );
}

async function loadMore(space: string): Promise<void> {
  const next = kept(space)?.next;
  if (!next) return;
  const page = await ask(space, next);
  queries.setQueryData<FileList>(
    filesKeys.list(space),
    (list) => list && withPage(list, { files: [...page.files], next: page.next }),
  );
}

keeper.onEvent((frame) => {
  const list = kept(frame.s);
  if (list) queries.setQueryData(filesKeys.list(frame.s), heardInList(list, frame, frame.s));
  if (frame.e.type === "spaces.space.lost") {
    queries.removeQueries({ queryKey: filesKeys.list(frame.e.space_id) });
  }
});

keeper.onRenewed((stream) => {
  void queries.invalidateQueries({ queryKey: filesKeys.list(stream) });
});

export type Files = {
  /** Newest first; undefined until the first answer. */
  readonly list: FileList | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly retry: () => void;
  /** Asks for older ones, if there are more. */
  readonly loadMore: () => void;
  readonly isLoadingMore: boolean;
};

/** The files of a space, kept true by what happens. */
export function useFiles(space: string): Files {
  const query: UseQueryResult<FileList> = useQuery(
    { queryKey: filesKeys.list(space), queryFn: () => ask(space, null), gcTime: 15 * 60_000 },
    queries,
  );
  const { mutate, isPending } = useAct(loadMore);
  const { refetch } = query;
  return {
    list: query.data,
    error: query.error,
    isPending: query.isPending,
    retry: useCallback(() => void refetch(), [refetch]),
    loadMore: useCallback(() => {
      if (!isPending) mutate(space);
    }, [mutate, isPending, space]),
    isLoadingMore: isPending,
  };
}

/** Removes a file. */
export const removeFile = (file: string): Promise<void> =>
  take(api.DELETE("/api/files/{file_id}", { params: { path: { file_id: file } } }));

/** Where a file is downloaded from. */
export const contentUrl = (file: string): string => `/api/files/${file}/content`;

/** Where our own copy of a picture is, which fits into a square of `edge` pixels. */
export const previewUrl = (file: string, edge: 480 | 1600): string => `/api/files/${file}/preview/${edge}`;
