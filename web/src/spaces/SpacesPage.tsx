import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactElement, useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { PaletteButton } from "#/app/palette/PaletteButton";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { MessageLine } from "#/chat/MessageLine";
import { words } from "#/core/api/content";
import { ProblemError } from "#/core/api/errors";
import type { CommunityCard } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useReason } from "#/core/i18n/useSentence";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { Button, ButtonLink } from "#/ui/control/Button";
import { SearchField } from "#/ui/control/Field";
import { IconPlus } from "#/ui/icon";
import { SpaceSquare } from "#/ui/identity/SpaceSquare";
import { useToasts } from "#/ui/layer/Toasts";
import { LabelPill } from "#/ui/mark/LabelPill";
import { EmptyState } from "#/ui/state/EmptyState";
import { ErrorState } from "#/ui/state/ErrorState";
import { RowBones } from "#/ui/state/Skeleton";
import { Time, UnreadMark } from "#/ui/text/Marks";
import { DirectPicture, LabelMark } from "./list/SpaceList";
import { joinSpace, useCommunities } from "./queries";
import styles from "./SpacesPage.module.css";
import type { SpaceRow } from "./spaces";
import { useSpaceLists } from "./useSpaces";

/** The communities one may join; on a phone, first of all the spaces one is in. */
export function SpacesPage(): ReactElement {
  const { t: app } = useTranslation();
  const me = useMe();
  useDocumentTitle(app("titles.spaces"));
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{app("nav.spaces")}</h1>
        {me.abilities.includes("spaces:space:create") && (
          <ButtonLink to="/spaces/new" variant="primary" icon={IconPlus}>
            {app("list.create")}
          </ButtonLink>
        )}
      </header>
      <PaletteButton />
      <OwnSpaces alone={me.profile.card.kind === "guest"} />
      {me.profile.card.kind === "agent" && <Communities />}
    </div>
  );
}

/** One's own list, which is beside the page where there is room for it; `alone`: it is all that the page has. */
function OwnSpaces({ alone }: { alone: boolean }): ReactElement {
  const { spaces, directs } = useSpaceLists();
  const rows = [...spaces, ...directs].sort((one, other) => other.movedAt - one.movedAt);
  return (
    <ul className={styles.own} data-alone={alone || undefined}>
      {rows.map((row) => (
        <OwnRow key={row.id} row={row} />
      ))}
    </ul>
  );
}

function OwnRow({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("spaces");
  const format = useFormat();
  const last = row.latest?.channel.last;
  const author = useHouse((house) => (last ? house.people[last.author_id] : undefined));
  const mine = useHouse((house) => last?.author_id === house.me);
  const alone = row.own.space.kind === "direct" && row.others.length === 1;
  return (
    <li>
      <Link
        to="/spaces/$spaceId"
        params={{ spaceId: row.id }}
        className={styles.row}
        data-unread={row.unread > 0 || undefined}
      >
        {row.own.space.kind === "direct" ? (
          <DirectPicture row={row} size={40} />
        ) : (
          <SpaceSquare id={row.id} size={40} />
        )}
        <span className={styles.name}>
          <span className={styles.cut}>{row.name}</span>
          <LabelMark row={row} />
        </span>
        <Time at={row.movedAt}>{format.shortTime(row.movedAt)}</Time>
        <span className={styles.last}>
          {last && mine && t("own.you")}
          {last && !mine && !alone && author && t("own.said", { name: author.given_name })}
          {last ? <MessageLine message={last} /> : t("own.empty")}
        </span>
        <span className={styles.mark}>
          <UnreadMark count={row.unread} />
        </span>
      </Link>
    </li>
  );
}

function Communities(): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: errors } = useTranslation("errors");
  const [wanted, setWanted] = useState("");
  const asked = useDeferredValue(wanted.trim());
  const communities = useCommunities(asked);
  return (
    <section className={styles.communities}>
      <h2 className={styles.heading}>{t("discover.title")}</h2>
      <p className={styles.about}>{t("discover.text")}</p>
      <SearchField
        label={t("discover.search")}
        value={wanted}
        onChange={setWanted}
        className={styles.search}
      />
      {communities.isPending && <RowBones count={5} height={64} picture={40} />}
      {communities.isError && (
        <ErrorState
          small
          title={errors("network.title")}
          text={errors("network.text")}
          onRetry={() => void communities.refetch()}
        />
      )}
      {communities.data?.length === 0 && (
        <EmptyState small text={asked ? t("discover.noneNamed", { wanted: asked }) : t("discover.none")} />
      )}
      <ul>
        {communities.data?.map((card) => (
          <Community key={card.space.id} card={card} />
        ))}
      </ul>
    </section>
  );
}

export function Community({ card: { space, joined: before } }: { card: CommunityCard }): ReactElement {
  const { t } = useTranslation("spaces");
  const { t: ui } = useTranslation("ui");
  const { t: errors } = useTranslation("errors");
  const navigate = useNavigate();
  const toasts = useToasts();
  const joined = useHouse((house) => space.id in house.spaces) || before;
  const why = useReason();
  const join = useAct(joinSpace);
  // By a promise and not by callbacks: on a first Place this row is gone as soon as one is in.
  const enter = async (): Promise<void> => {
    try {
      const spaceId = await join.mutateAsync(space.id);
      void navigate({ to: "/spaces/$spaceId", params: { spaceId } });
    } catch (error) {
      toasts.show({ text: error instanceof ProblemError ? why(error.details) : errors("network.title") });
    }
  };
  const name = words(space.name);
  return (
    <li className={styles.community}>
      <SpaceSquare id={space.id} size={40} />
      <div className={styles.text}>
        <p className={styles.communityName}>
          {joined ? (
            <Link to="/spaces/$spaceId" params={{ spaceId: space.id }} className={styles.cut}>
              {name}
            </Link>
          ) : (
            <span className={styles.cut}>{name}</span>
          )}
          <LabelPill label={space.label} />
        </p>
        {words(space.description) && <p className={styles.description}>{words(space.description)}</p>}
        <p className={styles.count}>{ui("people", { count: space.members_count })}</p>
      </div>
      {joined ? (
        <span className={styles.in}>{t("discover.in")}</span>
      ) : (
        <Button
          busy={join.isPending}
          onClick={() => void enter()}
          aria-label={t("discover.joinNamed", { name })}
        >
          {t("discover.join")}
        </Button>
      )}
    </li>
  );
}
