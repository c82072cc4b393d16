import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OrphanSpace, PersonCard } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { fullName } from "#/people/names";
import { Button } from "#/ui/control/Button";
import { IconUserPlus } from "#/ui/icon";
import { Menu, MenuItem, MenuTitle } from "#/ui/layer/Menu";
import { useToasts } from "#/ui/layer/Toasts";
import styles from "./Administration.module.css";
import { appointManager, useOrphans } from "./queries";

/** Spaces that nobody can manage any more: an administrator names one of their members, and sees nothing of them. */
export function Orphans(): ReactElement | null {
  const { t } = useTranslation("guests");
  const orphans = useOrphans();
  if (orphans.length === 0) return null;
  return (
    <section className={styles.section} aria-labelledby="orphans">
      <h2 id="orphans" className={styles.heading}>
        {t("admin.orphans", { count: orphans.length })}
      </h2>
      <p className={styles.quiet}>{t("admin.orphansAbout")}</p>
      <ul className={styles.people}>
        {orphans.map((space) => (
          <Orphan key={space.space_id} space={space} />
        ))}
      </ul>
    </section>
  );
}

const MANAGERS = 3;

function Orphan({ space }: { space: OrphanSpace }): ReactElement {
  const { t } = useTranslation("guests");
  const { t: spaces } = useTranslation("spaces");
  const { names } = useFormat();
  const toasts = useToasts();
  const sentence = useSentence();
  const appoint = useAct((person: PersonCard) => appointManager(space.space_id, person.id));
  const give = (person: PersonCard): void =>
    appoint.mutate(person, {
      onSuccess: () => toasts.show({ text: t("admin.appointed", { name: fullName(person) }) }),
      onError: (error) => toasts.show({ text: sentence(error) }),
    });
  return (
    <li>
      <span className={styles.what}>
        <span className={styles.cut}>
          {t(`admin.orphan.${space.kind}`, { label: spaces(`labelWord.${space.label}`) })}
        </span>
        {space.managers.length > 0 && (
          <span className={styles.quiet}>
            {t("admin.managedBy", { names: names(space.managers.map(fullName), MANAGERS) })}
          </span>
        )}
      </span>
      <Menu
        label={t("admin.appointTo")}
        trigger={
          <Button size="s" icon={IconUserPlus} busy={appoint.isPending}>
            {t("admin.appoint")}
          </Button>
        }
      >
        <MenuTitle>{t("admin.appointTo")}</MenuTitle>
        {space.fit.map((person) => (
          <MenuItem key={person.id} onSelect={() => give(person)}>
            {fullName(person)}
          </MenuItem>
        ))}
      </Menu>
    </li>
  );
}
