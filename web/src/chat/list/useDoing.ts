import { type Dispatch, type SetStateAction, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "#/core/api/errors";
import { useToasts } from "#/ui/layer/Toasts";
import { editMessage } from "../queries";
import type { Edits } from "../useEntries";
import type { Doing } from "./Actions";
import { copyText } from "./copy";
import { beginRemoval, finishRemoval, undoRemoval } from "./removal";
import type { Shown } from "./shown";

/** How long what one has taken away can be brought back. */
const UNDO_MS = 5_000;

/** What one does with messages. Shown at once; what the server refuses comes back, with the reason. */
export function useDoing({
  spaceId,
  channelId,
  setEditing,
  setEdits,
  leave,
}: {
  spaceId: string;
  channelId: string;
  setEditing: (key: string | null) => void;
  setEdits: Dispatch<SetStateAction<Edits>>;
  /** Puts the focus back to the field to write in. */
  leave: () => void;
}): Doing {
  const { t } = useTranslation("chat");
  const { t: errors } = useTranslation("errors");
  const toasts = useToasts();
  return useMemo(() => {
    const reasonOf = (error: unknown): string =>
      (error instanceof ProblemError && error.details.title) || errors("network.title");

    const say = (done: boolean, text: string): void => {
      toasts.show({ text: done ? text : t("done.notCopied") });
    };

    const remove = ({ id }: Shown): void => {
      if (id === null) return;
      beginRemoval(id);
      toasts.show({
        text: t("done.deleted"),
        staysMs: UNDO_MS,
        undo: () => undoRemoval(id),
        onGone: () => {
          finishRemoval(id).catch((error: unknown) =>
            toasts.show({ text: t("done.notDeleted", { reason: reasonOf(error) }) }),
          );
        },
      });
    };

    const save = async (shown: Shown, text: string): Promise<void> => {
      const { key, id } = shown;
      if (id === null) return;
      setEdits((edits) => ({ ...edits, [key]: text }));
      try {
        await editMessage(id, text);
        setEdits(({ [key]: _, ...others }) => others);
      } catch (error) {
        // What was typed stays in the field, to be sent again or copied.
        setEditing(key);
        toasts.show({ text: t("done.notEdited", { reason: reasonOf(error) }) });
      }
    };

    return {
      copy: ({ text }) => void copyText(text).then((done) => say(done, t("done.copied"))),
      link: ({ ordinal }) => {
        const address = `${location.origin}/spaces/${spaceId}/chat/${channelId}?message=${ordinal}`;
        void copyText(address).then((done) => say(done, t("done.linked")));
      },
      edit: ({ key }) => setEditing(key),
      save: (shown, text) => {
        setEditing(null);
        leave();
        // A message without words and without files is no message.
        if (text === "" && shown.files.length === 0) remove(shown);
        else void save(shown, text);
      },
      cancelEdit: (shown) => {
        setEdits(({ [shown.key]: _, ...others }) => others);
        setEditing(null);
        leave();
      },
      remove,
    };
  }, [t, errors, toasts, spaceId, channelId, setEditing, setEdits, leave]);
}
