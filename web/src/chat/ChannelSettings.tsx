import { type ReactElement, useId } from "react";
import { useTranslation } from "react-i18next";
import { plain, words } from "#/core/api/content";
import type { OwnChannel } from "#/core/api/schema";
import { useAct } from "#/core/useAct";
import type { SpaceRow } from "#/spaces/spaces";
import { Button } from "#/ui/control/Button";
import { Dialog } from "#/ui/layer/Dialog";
import { useToasts } from "#/ui/layer/Toasts";
import { type ChannelFields, ChannelForm } from "./ChannelForm";
import { changeChannel } from "./queries";

/** Another name or topic for a channel. */
export function ChannelSettings({
  space,
  own,
  opened,
  onClose,
}: {
  space: SpaceRow;
  own: OwnChannel;
  opened: boolean;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("chat");
  const { t: ui } = useTranslation("ui");
  const toasts = useToasts();
  const form = useId();
  const { id, name, topic } = own.channel;
  const change = useAct((fields: ChannelFields) =>
    changeChannel(id, { name: plain(fields.name), topic: plain(fields.topic) }),
  );
  const close = (): void => {
    change.reset();
    onClose();
  };
  const submit = (fields: ChannelFields): void => {
    change.mutate(fields, {
      onSuccess: () => {
        toasts.show({ text: t("channel.saved") });
        close();
      },
    });
  };
  return (
    <Dialog
      title={t("channel.settings")}
      opened={opened}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{ui("cancel")}</Button>
          <Button variant="primary" type="submit" form={form} busy={change.isPending}>
            {t("channel.save")}
          </Button>
        </>
      }
    >
      <ChannelForm
        id={form}
        space={space}
        channelId={id}
        initial={{ name: words(name), topic: words(topic) }}
        problem={change.error}
        onSubmit={submit}
      />
    </Dialog>
  );
}
