import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LabelEffects, Loss, PersonCard } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { fullName } from "#/people/names";
import { type Icon, IconDoorOpen, IconFingerprint, IconLinkBreak, IconUserMinus, IconUsers } from "#/ui/icon";
import styles from "./Labels.module.css";

/** So many are named; the others are counted. */
const NAMED = 8;

/** What raising a label does, line by line: who loses access first. */
export function RaiseEffects({ effects }: { effects: LabelEffects }): ReactElement {
  const { t } = useTranslation("labels");
  const listed = useNames();
  const named = (people: readonly PersonCard[], unnamed: number): string =>
    listed(people.map(fullName), unnamed);
  const { losing, losing_count, without_passkey, without_passkey_count, invited, invitations } = effects;
  const of = (rule: Loss["rule"] | null): PersonCard[] =>
    losing.filter((loss) => (rule ? loss.rule === rule : !KNOWN.has(loss.rule))).map(({ person }) => person);
  const [guests, partners, others] = [of("guest-label"), of("partner"), of(null)];
  // Who is not named is counted where most of them are.
  const unnamed = losing_count - losing.length;
  return (
    <ul className={styles.effects}>
      {losing_count === 0 ? (
        <Line icon={IconUsers} what={t("effect.nobody")}>
          {t("effect.nobodyText")}
        </Line>
      ) : (
        <Line icon={IconUserMinus} what={t("effect.lose", { count: losing_count })} strong>
          {t("effect.loseText")}
          {guests.length > 0 && <Names text={t("effect.guests", { names: named(guests, unnamed) })} />}
          {partners.length > 0 && (
            <Names text={t("effect.partners", { names: named(partners, guests.length ? 0 : unnamed) })} />
          )}
          {others.length > 0 && <Names text={t("effect.others", { names: named(others, 0) })} />}
        </Line>
      )}
      {effects.becomes_team && (
        <Line icon={IconDoorOpen} what={t("effect.team")}>
          {t("effect.teamText")}
        </Line>
      )}
      {effects.passkey && (
        <Line icon={IconFingerprint} what={t("effect.passkey")}>
          {t("effect.passkeyText")}
          {without_passkey && without_passkey_count !== null && (
            <Names
              text={
                without_passkey_count === 0
                  ? t("effect.withoutNone")
                  : t("effect.without", {
                      count: without_passkey_count,
                      names: named(without_passkey, without_passkey_count - without_passkey.length),
                    })
              }
            />
          )}
        </Line>
      )}
      {invitations > 0 && (
        <Line icon={IconLinkBreak} what={t("effect.invitations", { count: invitations })}>
          {t("effect.invitationsText")}
          <Names text={t("effect.invited", { names: listed(invited, invitations - invited.length) })} />
        </Line>
      )}
    </ul>
  );
}

const KNOWN: ReadonlySet<Loss["rule"]> = new Set(["guest-label", "partner"]);

/** Names as a sentence has them; those past the first few, and those whom the server did not name, are counted. */
function useNames(): (names: readonly string[], unnamed: number) => string {
  const format = useFormat();
  return (names, unnamed) => format.names([...names, ...Array.from({ length: unnamed }, () => "")], NAMED);
}

function Names({ text }: { text: string }): ReactElement {
  return <span className={styles.names}>{text}</span>;
}

function Line({
  icon: Drawing,
  what,
  strong,
  children,
}: {
  icon: Icon;
  what: string;
  /** Somebody loses something. */
  strong?: boolean;
  children: ReactNode;
}): ReactElement {
  return (
    <li className={styles.effect} data-strong={strong || undefined}>
      <Drawing size={20} />
      <div>
        <p className={styles.what}>{what}</p>
        <p className={styles.how}>{children}</p>
      </div>
    </li>
  );
}
