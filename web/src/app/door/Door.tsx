import type { FormEvent, ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { chooseDoorLanguage } from "#/core/preferences/language";
import { Logo } from "#/ui/mark/Logo";
import { TownMap } from "#/ui/mark/TownMap";
import styles from "./Door.module.css";

/** The frame of the pages that are outside: the map of the town, whose house it is, and the other language. */
export function Door({ children }: { children: ReactNode }): ReactElement {
  const { t, i18n } = useTranslation();
  const other = i18n.language === "fr" ? "en" : "fr";
  return (
    <div className={styles.page}>
      <TownMap className={styles.map} />
      <main className={styles.door}>
        <header className={styles.head}>
          <Logo size={36} />
          <span className={styles.name}>Bastide</span>
          <button
            type="button"
            className={styles.language}
            lang={other}
            onClick={() => void chooseDoorLanguage(other)}
          >
            {t("signIn.language")}
          </button>
        </header>
        {children}
      </main>
    </div>
  );
}

/** What stands in the frame: a column of its own, in the middle of the height. */
export function DoorColumn({ children }: { children: ReactNode }): ReactElement {
  return <div className={styles.column}>{children}</div>;
}

/** The same as a form, which says itself what is wrong in it. */
export function DoorForm({
  onSubmit,
  children,
}: {
  onSubmit: () => void;
  children: ReactNode;
}): ReactElement {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form className={styles.column} noValidate onSubmit={submit}>
      {children}
    </form>
  );
}

/** The first words of a column. */
export function DoorHello({ title, text }: { title: string; text: string }): ReactElement {
  return (
    <div>
      <h1 className={styles.hello}>{title}</h1>
      <p className={styles.text}>{text}</p>
    </div>
  );
}
