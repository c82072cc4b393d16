import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "#/chat/list/copy";
import { ProblemError } from "#/core/api/errors";
import type { PersonCard, Profile } from "#/core/api/schema";
import { useFailure } from "#/core/i18n/useSentence";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { useOpensDirects } from "#/spaces/refusal/useOpensDirects";
import { Button, ButtonLink } from "#/ui/control/Button";
import { IconButton } from "#/ui/control/IconButton";
import { IconChatCircle, IconCopy, IconNotePencil, IconPencilSimple, IconPhone } from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { PresenceMark } from "#/ui/identity/Presence";
import { SidePanel } from "#/ui/layer/SidePanel";
import { useToasts } from "#/ui/layer/Toasts";
import { ErrorState } from "#/ui/state/ErrorState";
import { RowBones } from "#/ui/state/Skeleton";
import { face, fullName } from "./names";
import styles from "./ProfilePanel.module.css";
import { useProfile } from "./queries";
import { usePerson } from "./usePerson";
import { usePresence } from "./usePresence";
import { useReach } from "./useReach";

/** Someone's page, at the side of whatever showed them: who they are, where they work, and the ways to reach them. */
export function ProfilePanel({ person, onClose }: { person: string; onClose: () => void }): ReactElement {
  const { t } = useTranslation("people");
  const failure = useFailure();
  const known = usePerson(person);
  const profile = useProfile(person);
  const card = profile.data?.card ?? known;
  const nobody = profile.error instanceof ProblemError && profile.error.details.status === 404;
  return (
    <SidePanel title={t("profile.title")} onClose={onClose}>
      {card && !nobody && <Head card={card} />}
      {profile.data && <Details profile={profile.data} />}
      {profile.isPending && <RowBones count={4} height={48} picture={0} />}
      {profile.isError &&
        (nobody ? (
          <ErrorState small title={t("profile.unknown")} text={t("profile.unknownText")} />
        ) : (
          <ErrorState small {...failure(profile.error)} onRetry={() => void profile.refetch()} />
        ))}
    </SidePanel>
  );
}

function Head({ card }: { card: PersonCard }): ReactElement {
  const { t } = useTranslation("people");
  const { t: ui } = useTranslation("ui");
  const me = useMe();
  const own = card.id === me.profile.card.id;
  const presence = usePresence(own ? undefined : card.id);
  const { reach, pending } = useReach();
  const mayWrite = useOpensDirects();
  return (
    <>
      <div className={styles.head}>
        <Avatar person={face(card)} size={72} />
        <div className={styles.who}>
          <h3 className={styles.name}>{fullName(card)}</h3>
          {card.function && <p className={styles.function}>{card.function}</p>}
          {presence && (
            <p className={styles.presence}>
              <PresenceMark presence={presence} said={false} />
              {ui(`presence.${presence}`)}
            </p>
          )}
        </div>
      </div>
      <div className={styles.ways}>
        {own ? (
          <>
            <ButtonLink to="/me" icon={IconPencilSimple}>
              {t("profile.edit")}
            </ButtonLink>
            {mayWrite && (
              <Button
                icon={IconNotePencil}
                busy={pending === "write"}
                onClick={() => reach(card.id, "write")}
              >
                {t("profile.notes")}
              </Button>
            )}
          </>
        ) : (
          mayWrite && (
            <>
              <Button
                variant="primary"
                icon={IconChatCircle}
                busy={pending === "write"}
                onClick={() => reach(card.id, "write")}
              >
                {t("profile.write")}
              </Button>
              <Button icon={IconPhone} busy={pending === "call"} onClick={() => reach(card.id, "call")}>
                {t("profile.call")}
              </Button>
            </>
          )
        )}
      </div>
    </>
  );
}

function Details({ profile }: { profile: Profile }): ReactElement {
  const { t } = useTranslation("people");
  const toasts = useToasts();
  const organisation =
    useHouse((house) => house.organisations[profile.organisation.id]) ?? profile.organisation;
  const copy = async (text: string): Promise<void> => {
    toasts.show({ text: t((await copyText(text)) ? "profile.copied" : "profile.notCopied") });
  };
  return (
    <dl className={styles.details}>
      <Detail word={t(profile.card.kind === "guest" ? "profile.host" : "profile.organisation")}>
        {organisation.name}
      </Detail>
      {profile.service && <Detail word={t("profile.service")}>{profile.service}</Detail>}
      <Detail
        word={t("profile.email")}
        action={
          <IconButton
            icon={IconCopy}
            iconSize={18}
            label={t("profile.copyEmail")}
            side="left"
            onClick={() => void copy(profile.email)}
          />
        }
      >
        <a href={`mailto:${encodeURIComponent(profile.email).replace("%40", "@")}`} className={styles.long}>
          {profile.email}
        </a>
      </Detail>
      {profile.phone && (
        <Detail word={t("profile.phone")}>
          <a href={`tel:${profile.phone.replace(/[^\d+]/gu, "")}`}>{profile.phone}</a>
        </Detail>
      )}
    </dl>
  );
}

function Detail({
  word,
  action,
  children,
}: {
  word: string;
  action?: ReactNode;
  children: ReactNode;
}): ReactElement {
  return (
    <div className={styles.detail}>
      <dt>{word}</dt>
      <dd>
        {children}
        {action}
      </dd>
    </div>
  );
}
