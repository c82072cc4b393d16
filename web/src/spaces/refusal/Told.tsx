import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Label, PersonCard, Way } from "#/core/api/schema";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { Refusal } from "#/ui/state/Refusal";
import type { Verdict } from "../refusals";
import type { SpaceRow } from "../spaces";
import { useSpaceLists } from "../useSpaces";
import { elsewhere, possible } from "./possible";
import { ReadRule } from "./ReadRule";
import { type Offers, wayWith } from "./ways";

/** What one was about to do, where the title can say it: nobody reads « refused » and wonders what. */
export type Act = "enter" | "create" | "call";

type ToldProps = {
  verdict: Verdict;
  label: Label;
  /** What one was about to do; without it the rule itself is the title. */
  act?: Act | undefined;
  row?: SpaceRow | null;
  /** Whom it is about; null for one of several. */
  name?: string | null | undefined;
  author?: PersonCard | undefined;
  /** A sentence before the rule's own. */
  before?: string | undefined;
  /** The server refused it, and noted that. */
  recorded?: boolean;
  offers?: Offers;
};

/**
 * A refusal by a rule of the house: what cannot be done, why, who set the rule and where to read it; then what one can do,
 * as far as one's own rights go.
 */
export function Told({
  verdict,
  label,
  act,
  row = null,
  name,
  author,
  before,
  recorded = false,
  offers = {},
}: ToldProps): ReactElement {
  const { t } = useTranslation("refusals");
  const organisations = useHouse((house) => house.organisations);
  const holdings = useHouse((house) => house.holdings);
  const { spaces } = useSpaceLists();
  const { abilities } = useMe();
  const { rule, reason, source } = verdict;
  const owner = row && organisations[row.own.space.organisation_id];
  const organisation = owner ? owner.name : t("theOrganisation");
  const at = { row, spaces, abilities, holdings, author, offers: Object.keys(offers) as Way[] };
  const title = (): string => {
    if (act === "enter") return name ? t("title.enter", { name }) : t("title.enterSome");
    return act ? t(`title.${act}`) : t(`title.rule.${rule}`);
  };
  const why =
    act === "enter" && rule === "partner"
      ? t("whyEnter.partner", { organisation })
      : reason
        ? t(`why.${reason}`)
        : t(`title.rule.${rule}`);
  const given = {
    row,
    name: name ?? undefined,
    author,
    elsewhere: elsewhere(verdict, at),
    asGuest: rule === "guest-label",
    offers,
  };
  return (
    <Refusal
      label={label}
      title={title()}
      reason={before ? `${before} ${why}` : why}
      rule={t(`by.${source ?? "bastide"}`, { rule: t(`rule.${rule}`), organisation })}
      noted={recorded ? t("noted") : undefined}
      read={
        <ReadRule rule={rule} label={label}>
          {t("read")}
        </ReadRule>
      }
      ways={possible(verdict, at).map((way) => ({ key: way, ...wayWith(way, given) }))}
    />
  );
}
