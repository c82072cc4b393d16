import { useNavigate } from "@tanstack/react-router";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PersonCard, Way } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useMe } from "#/core/session/useMe";
import { fullName } from "#/people/names";
import { Button, ButtonLink } from "#/ui/control/Button";
import {
  type Icon,
  IconChatCircle,
  IconFingerprint,
  IconGear,
  IconPackage,
  IconScales,
  IconSquaresFour,
  IconUserPlus,
} from "#/ui/icon";
import { Menu, MenuItem } from "#/ui/layer/Menu";
import { LABEL_ICON } from "#/ui/mark/LabelPill";
import type { SpaceRow } from "../spaces";
import { useManagers, useOfficers } from "./asking";
import { WriteTo } from "./WriteTo";

/** What the place of a refusal can itself do, by the way it goes. */
export type Offers = { readonly [way in Way]?: () => void };

type Given = {
  row: SpaceRow | null;
  /** Whom it is about, where it is about somebody. */
  name?: string | undefined;
  author?: PersonCard | undefined;
  elsewhere: readonly SpaceRow[];
  /** Whether somebody else's spaces are entered as a guest. */
  asGuest: boolean;
  offers: Offers;
};

const ICONS: Record<Way, Icon> = {
  "add-passkey": IconFingerprint,
  "ask-officer": IconScales,
  "ask-author": IconChatCircle,
  "ask-manager": IconChatCircle,
  "ask-second-manager": IconChatCircle,
  "choose-label": LABEL_ICON.internal,
  export: IconPackage,
  "invite-elsewhere": IconSquaresFour,
  "make-team": IconUserPlus,
  "switch-on-tool": IconGear,
};

/** One way out of a refusal: what it is, and its button. */
export function wayWith(way: Way, given: Given): { icon: Icon; body: ReactElement } {
  return { icon: ICONS[way], body: <Body way={way} given={given} /> };
}

function Body({ way, given }: { way: Way; given: Given }): ReactElement | null {
  const { t } = useTranslation("refusals");
  const { row, name, author, elsewhere, asGuest, offers } = given;
  const offered = offers[way];
  const settings = (words: string, hash?: string): ReactElement | null =>
    row && (
      <ButtonLink
        to="/spaces/$spaceId/settings"
        params={{ spaceId: row.id }}
        {...(hash && { hash })}
        size="s"
      >
        {words}
      </ButtonLink>
    );
  const does = (words: string): ReactElement => (
    <Button size="s" onClick={offered}>
      {words}
    </Button>
  );
  switch (way) {
    case "invite-elsewhere":
      return (
        <Lines
          title={name ? t("way.invite-elsewhere.one") : t("way.invite-elsewhere.title")}
          text={t("way.invite-elsewhere.text")}
          action={<Elsewhere rows={elsewhere} asGuest={asGuest} />}
        />
      );
    case "make-team":
      return offered ? (
        <Lines
          title={t("way.make-team.entry")}
          text={t("way.make-team.text")}
          action={does(t("way.make-team.entryAct"))}
        />
      ) : (
        <Lines
          title={t("way.make-team.title")}
          text={t("way.make-team.text")}
          action={
            <ButtonLink to="/spaces/new" size="s">
              {t("way.make-team.act")}
            </ButtonLink>
          }
        />
      );
    case "choose-label":
      return offered ? (
        <Lines
          title={t("way.choose-label.title")}
          text={t("way.choose-label.text")}
          action={does(t("way.choose-label.act"))}
        />
      ) : (
        <Lines
          title={t("way.choose-label.lower")}
          text={t("way.choose-label.lowerText")}
          action={settings(t("way.choose-label.lowerAct"), "label")}
        />
      );
    case "switch-on-tool":
      return (
        <Lines
          title={t("way.switch-on-tool.title")}
          text={t("way.switch-on-tool.text")}
          action={settings(t("way.switch-on-tool.act"))}
        />
      );
    case "export":
      return (
        <Lines
          title={t("way.export.title")}
          text={t("way.export.text")}
          action={settings(t("way.export.act"), "export")}
        />
      );
    case "add-passkey":
      return (
        <Lines
          title={t("way.add-passkey.title")}
          text={t("way.add-passkey.text")}
          action={
            <ButtonLink to="/me" hash="passkeys" size="s">
              {t("way.add-passkey.act")}
            </ButtonLink>
          }
        />
      );
    case "ask-officer":
      return <AskAdministrator />;
    case "ask-author":
      return (
        <Lines
          title={t("way.ask-author.title")}
          text={t("way.ask-author.text")}
          action={<WriteTo person={author} />}
        />
      );
    case "ask-manager":
    case "ask-second-manager":
      return row && <AskManager way={way} space={row.id} />;
  }
}

function Lines({ title, text, action }: { title: string; text: string; action: ReactNode }): ReactElement {
  return (
    <>
      <p data-part="what">{title}</p>
      {text && <p data-part="how">{text}</p>}
      {action && <div data-part="action">{action}</div>}
    </>
  );
}

function AskManager({
  way,
  space,
}: {
  way: "ask-manager" | "ask-second-manager";
  space: string;
}): ReactElement {
  const { t } = useTranslation("refusals");
  const format = useFormat();
  const managers = useManagers(space);
  const names = format.names(managers.map(fullName), NAMED);
  return (
    <Lines
      title={t(`way.${way}.title`)}
      text={managers.length > 0 ? t(`way.${way}.text`, { count: managers.length, names }) : ""}
      action={<WriteTo person={managers[0]} />}
    />
  );
}

const NAMED = 3;

/** Who may change what is declared; whoever may do it themselves is led there. */
export function AskAdministrator(): ReactElement {
  const { t } = useTranslation("refusals");
  const format = useFormat();
  const { abilities } = useMe();
  const officers = useOfficers();
  if (abilities.includes("hosting:declaration:make")) {
    return (
      <Lines
        title={t("way.ask-officer.self")}
        text={t("way.ask-officer.selfText")}
        action={
          <ButtonLink to="/rule" size="s">
            {t("way.ask-officer.selfAct")}
          </ButtonLink>
        }
      />
    );
  }
  const names = format.names(officers.map(fullName), NAMED);
  return (
    <Lines
      title={t("way.ask-officer.title")}
      text={officers.length > 0 ? t("way.ask-officer.text", { count: officers.length, names }) : ""}
      action={<WriteTo person={officers[0]} />}
    />
  );
}

/** The spaces that are open to whom this one is not: one picks the one to invite into. */
function Elsewhere({ rows, asGuest }: { rows: readonly SpaceRow[]; asGuest: boolean }): ReactElement {
  const { t } = useTranslation("refusals");
  const navigate = useNavigate();
  const go = (spaceId: string): void =>
    void navigate({
      to: "/spaces/$spaceId/members",
      params: { spaceId },
      search: asGuest ? { guests: true } : { add: true },
    });
  return (
    <Menu
      label={t("way.invite-elsewhere.act")}
      side="bottom-start"
      trigger={<Button size="s">{t("way.invite-elsewhere.act")}</Button>}
    >
      {rows.map(({ id, name, own }) => (
        <MenuItem key={id} icon={LABEL_ICON[own.space.label]} onSelect={() => go(id)}>
          {name}
        </MenuItem>
      ))}
    </Menu>
  );
}
