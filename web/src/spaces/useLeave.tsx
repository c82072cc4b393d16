import { useNavigate } from "@tanstack/react-router";
import { type ReactElement, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { Button, ButtonLink } from "#/ui/control/Button";
import { Dialog } from "#/ui/layer/Dialog";
import { Question } from "#/ui/layer/Question";
import { useToasts } from "#/ui/layer/Toasts";
import { joinSpace, leaveSpace, useMembers } from "./queries";
import { isLastManager } from "./roles";
import type { SpaceRow } from "./spaces";

type Leaving = {
  /** Leaves, or asks first where one could not come back as one was. */
  readonly leave: () => void;
  /** To be shown somewhere on the page. */
  readonly dialog: ReactNode;
};

/** Leaving a space. A community is left at once, for one can join it again; anything else is asked about. */
export function useLeave(row: SpaceRow): Leaving {
  const { t } = useTranslation("spaces");
  const navigate = useNavigate();
  const toasts = useToasts();
  const sentence = useSentence();
  const [asking, setAsking] = useState(false);
  const { role, space } = row.own;
  const rejoins = space.kind === "community" && role === "contributor";

  const leave = async (): Promise<void> => {
    setAsking(false);
    // First away, so that the page does not fall under one's feet.
    await navigate({ to: "/spaces" });
    try {
      await leaveSpace(row.id);
    } catch (error) {
      const back = (): void => void navigate({ to: "/spaces/$spaceId", params: { spaceId: row.id } });
      toasts.show({
        text: sentence(error),
        action: { label: t("leave.back", { name: row.name }), run: back },
      });
      return;
    }
    const rejoin = async (): Promise<void> => {
      try {
        const spaceId = await joinSpace(row.id);
        await navigate({ to: "/spaces/$spaceId", params: { spaceId } });
      } catch (error) {
        toasts.show({ text: sentence(error) });
      }
    };
    toasts.show({ text: t("leave.done", { name: row.name }), ...(rejoins && { undo: () => void rejoin() }) });
  };

  return {
    leave: () => {
      if (rejoins) void leave();
      else setAsking(true);
    },
    dialog: asking && <Ask row={row} onLeave={() => void leave()} onClose={() => setAsking(false)} />,
  };
}

function Ask({
  row,
  onLeave,
  onClose,
}: {
  row: SpaceRow;
  onLeave: () => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: ui } = useTranslation("ui");
  const me = useMe().profile.card.id;
  const { list } = useMembers(row.id);
  const alone = row.own.space.members_count === 1;
  const last = !alone && list !== undefined && isLastManager(me, list);
  const text = (): string => {
    if (alone) return t(row.own.space.kind === "community" ? "leave.aloneOpen" : "leave.alone");
    if (last) return t("leave.last");
    return t(row.own.space.kind === "community" ? "leave.role" : "leave.invited");
  };
  const title = t("leave.title", { name: row.name });
  if (!last) {
    return (
      <Question
        title={title}
        text={text()}
        act={t("leave.action")}
        danger
        onYes={onLeave}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog
      title={title}
      opened
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{ui("close")}</Button>
          <ButtonLink
            to="/spaces/$spaceId/members"
            params={{ spaceId: row.id }}
            variant="primary"
            onClick={onClose}
          >
            {t("leave.members")}
          </ButtonLink>
        </>
      }
    >
      <p>{text()}</p>
    </Dialog>
  );
}
