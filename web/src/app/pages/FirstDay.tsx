import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import styles from "#/administration/Administration.module.css";
import { useColleagues } from "#/administration/queries";
import { useMe } from "#/core/session/useMe";
import { face, fullName } from "#/people/names";
import { useReach } from "#/people/useReach";
import { useCommunities } from "#/spaces/queries";
import { useOpensDirects } from "#/spaces/refusal/useOpensDirects";
import { Community } from "#/spaces/SpacesPage";
import { ButtonLink } from "#/ui/control/Button";
import { IconButton } from "#/ui/control/IconButton";
import { IconChatCircle } from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";

const SHOWN = 5;

/** An agent who is in no space yet: communities to join, and the people they may know. */
export function FirstDay(): ReactElement | null {
  const { t } = useTranslation("guests");
  const me = useMe();
  const agent = me.profile.card.kind === "agent";
  const communities = useCommunities("").data;
  const colleagues = useColleagues(agent);
  const { reach } = useReach();
  const mayWrite = useOpensDirects();
  if (!agent || !communities || !colleagues) return null;
  // Whoever opens the house has other things to do first.
  const opens = me.abilities.includes("people:agent:invite");
  const some = communities.length > 0 || colleagues.length > 0;
  const needsService = me.profile.service === "";
  if (opens && !some) return null;
  return (
    <section className={styles.steps}>
      <h2 className={styles.heading}>{t("firstDay.hello", { name: me.profile.card.given_name })}</h2>
      <p className={styles.quiet}>{t(some || needsService ? "firstDay.text" : "firstDay.nobody")}</p>
      {communities.length > 0 && (
        <>
          <h3 className={styles.sub}>{t("firstDay.communities")}</h3>
          <ul>
            {communities.slice(0, SHOWN).map((card) => (
              <Community key={card.space.id} card={card} />
            ))}
          </ul>
        </>
      )}
      {colleagues.length > 0 && (
        <>
          <h3 className={styles.sub}>{t("firstDay.colleagues")}</h3>
          <ul className={styles.people}>
            {colleagues.map((card) => (
              <li key={card.id}>
                <Avatar person={face(card)} size={32} />
                <span className={styles.what}>
                  <span className={styles.cut}>{fullName(card)}</span>
                  {card.function && <span className={styles.quiet}>{card.function}</span>}
                </span>
                {mayWrite && (
                  <IconButton
                    icon={IconChatCircle}
                    label={t("firstDay.write", { name: fullName(card) })}
                    side="left"
                    onClick={() => reach(card.id, "write")}
                  />
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {needsService && (
        <div className={styles.hint}>
          <p className={styles.quiet}>{t("firstDay.profile")}</p>
          <ButtonLink to="/me">{t("firstDay.profileAction")}</ButtonLink>
        </div>
      )}
      {!some && !needsService && <ButtonLink to="/people">{t("firstDay.directory")}</ButtonLink>}
    </section>
  );
}
