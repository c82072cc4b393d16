import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { words } from "#/core/api/content";
import type { OwnChannel } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { fullName } from "#/people/names";
import { may, type SpaceRow } from "#/spaces/spaces";
import { ButtonLink } from "#/ui/control/Button";
import { IconUserPlus } from "#/ui/icon";
import { EmptyState } from "#/ui/state/EmptyState";
import styles from "./Beginning.module.css";

/** The very beginning of a channel: with nothing said yet what it is for, else where it began and its topic. */
export function Beginning({
  space,
  own,
  name,
  me,
  empty,
}: {
  space: SpaceRow;
  own: OwnChannel;
  name: string;
  me: string;
  empty: boolean;
}): ReactElement {
  const { t } = useTranslation("chat");
  const purpose = usePurpose(space, own, name, me);
  if (!empty) {
    const topic = words(own.channel.topic);
    const direct = space.own.space.kind === "direct";
    return (
      <div className={styles.beginning}>
        <p className={styles.title}>
          {direct ? t("begin.startDirect") : t("begin.start", { channel: name })}
        </p>
        {topic && <p className={styles.topic}>{topic}</p>}
      </div>
    );
  }
  const invites = space.own.space.members_count === 1 && may(space.own, "spaces:member:add");
  return (
    <EmptyState
      text={purpose}
      action={
        invites && (
          <ButtonLink
            to="/spaces/$spaceId/members"
            params={{ spaceId: space.id }}
            variant="primary"
            icon={IconUserPlus}
          >
            {t("begin.invite")}
          </ButtonLink>
        )
      }
    />
  );
}

/** What one may do here, in a sentence for the people in it. */
function usePurpose(space: SpaceRow, own: OwnChannel, name: string, me: string): string {
  const { t } = useTranslation("chat");
  const format = useFormat();
  const { kind, members_count } = space.own.space;
  if (!may(space.own, "chat:message:send")) return t("begin.reader");
  if (kind === "direct") {
    const others = space.others.filter(({ id }) => id !== me);
    if (others.length === 0) return t("begin.self");
    const [one] = others;
    if (others.length === 1 && one) return t("begin.direct", { name: fullName(one) });
    return t("begin.few", { name: format.names(others.map((person) => person.given_name)) });
  }
  if (kind === "community") return t("begin.community");
  if (members_count === 1) return t("begin.teamAlone");
  // The first channel speaks for the space, the others for themselves.
  if (space.channels[0]?.channel.id !== own.channel.id) return t("begin.channel", { channel: name });
  return t("begin.team", { name: space.name });
}
