import { useNavigate } from "@tanstack/react-router";
import { type ReactElement, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { plain } from "#/core/api/content";
import { newId } from "#/core/api/ids";
import { useAct } from "#/core/useAct";
import type { SpaceRow } from "#/spaces/spaces";
import { Button } from "#/ui/control/Button";
import { Dialog } from "#/ui/layer/Dialog";
import { type ChannelFields, ChannelForm } from "./ChannelForm";
import styles from "./ChannelForm.module.css";
import { createChannel } from "./queries";

/** A new channel of a space; once it is made, one is in it. */
export function NewChannelDialog({
  space,
  opened,
  onClose,
}: {
  space: SpaceRow;
  opened: boolean;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("chat");
  const { t: ui } = useTranslation("ui");
  const navigate = useNavigate();
  const form = useId();
  // The same id for each attempt, so that one which got through unheard is not made twice.
  const clientId = useRef(newId());
  const create = useAct((fields: ChannelFields) =>
    createChannel(space.id, {
      client_id: clientId.current,
      name: plain(fields.name),
      topic: plain(fields.topic),
    }),
  );
  const close = (): void => {
    create.reset();
    clientId.current = newId();
    onClose();
  };
  const submit = (fields: ChannelFields): void => {
    create.mutate(fields, {
      onSuccess: ({ id }) => {
        close();
        void navigate({
          to: "/spaces/$spaceId/chat/$channelId",
          params: { spaceId: space.id, channelId: id },
        });
      },
    });
  };
  return (
    <Dialog
      title={t("channel.new")}
      opened={opened}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{ui("cancel")}</Button>
          <Button variant="primary" type="submit" form={form} busy={create.isPending}>
            {t("channel.create")}
          </Button>
        </>
      }
    >
      <p className={styles.text}>{t("channel.createText", { name: space.name })}</p>
      <ChannelForm
        id={form}
        space={space}
        initial={{ name: "", topic: "" }}
        problem={create.error}
        onSubmit={submit}
      />
    </Dialog>
  );
}
