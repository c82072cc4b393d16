import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { Unreachable } from "#/core/api/errors";
import type { PersonCard } from "#/core/api/schema";
import { useFailure } from "#/core/i18n/useSentence";
import { useHouse } from "#/core/journal/live";
import { useConnection } from "#/core/journal/useConnection";
import { useMe } from "#/core/session/useMe";
import { SearchField } from "#/ui/control/Field";
import { VirtualList } from "#/ui/list/VirtualList";
import { EmptyState } from "#/ui/state/EmptyState";
import { ErrorState } from "#/ui/state/ErrorState";
import { RowBones } from "#/ui/state/Skeleton";
import styles from "./DirectoryPage.module.css";
import { PERSON_ROW, PersonRow } from "./PersonRow";
import { ProfilePanel } from "./ProfilePanel";
import { useStill } from "./picker/useFound";
import { DIRECTORY_MOST, useDirectory } from "./queries";

/** The directory: the agents of all the organisations in this house, found by name, function, service or address. */
export function DirectoryPage(): ReactElement {
  const { t } = useTranslation("people");
  const me = useMe();
  const navigate = useNavigate();
  const { person } = useSearch({ from: "/house/people" });
  const [wanted, setWanted] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useDocumentTitle(t("directory.title"));
  useEffect(() => {
    // A keyboard over half of a phone's page is not what one came for.
    if (matchMedia("(hover: hover)").matches) field.current?.focus();
  }, []);
  const open = (id: string | undefined): void =>
    void navigate({ to: "/people", search: id ? { person: id } : {}, replace: person !== undefined });
  return (
    <div className={styles.page}>
      <div className={styles.main}>
        <header className={styles.head}>
          <h1 className={styles.title}>{t("directory.title")}</h1>
          <SearchField
            ref={field}
            label={t("directory.search")}
            value={wanted}
            onChange={setWanted}
            className={styles.search}
          />
        </header>
        {me.abilities.includes("people:directory:search") ? (
          <People wanted={wanted} open={person} onOpen={open} />
        ) : (
          <EmptyState text={t("directory.notForGuests")} />
        )}
      </div>
      {person && <ProfilePanel key={person} person={person} onClose={() => open(undefined)} />}
    </div>
  );
}

function People({
  wanted,
  open,
  onOpen,
}: {
  wanted: string;
  open: string | undefined;
  onOpen: (person: string) => void;
}): ReactElement {
  const { t } = useTranslation("people");
  const failure = useFailure();
  const me = useMe();
  const others = useHouse((house) => Object.keys(house.organisations).length > 1);
  const asked = useStill(wanted.trim());
  const found = useDirectory(asked);
  const { state } = useConnection();
  const away = state === "offline" || state === "unreachable";
  const { isError, refetch } = found;
  const failed = useRef(isError);
  failed.current = isError;
  useEffect(() => {
    // What did not come while nothing came is asked for again by itself when the line is back; what fails on a line that
    // is open fails again, and is said.
    if (failed.current && state === "open") void refetch();
  }, [state, refetch]);
  // An answer that cannot come is not waited for: not through all attempts, nor for one that hangs.
  if (isError || (away && !found.data)) {
    return <ErrorState {...failure(found.error ?? new Unreachable())} onRetry={() => void refetch()} />;
  }
  if (!found.data) {
    return (
      <div className={styles.bones}>
        <RowBones count={8} height={PERSON_ROW} picture={32} />
      </div>
    );
  }
  const whole = found.data.length >= DIRECTORY_MOST;
  return (
    <>
      <p className={styles.about} role="status">
        {asked === ""
          ? t(others ? "directory.ownOfSeveral" : "directory.own", { name: me.profile.organisation.name })
          : found.data.length > 0 && t("directory.found", { count: found.data.length })}
      </p>
      {found.data.length === 0 ? (
        <EmptyState text={t("directory.none", { wanted: asked })} />
      ) : (
        <VirtualList<PersonCard>
          items={found.data}
          rowHeight={PERSON_ROW}
          keyOf={({ id }) => id}
          label={t("directory.title")}
          className={styles.list ?? ""}
          row={(person) => (
            <PersonRow person={person} wanted={asked} open={person.id === open} onOpen={onOpen} />
          )}
        />
      )}
      {whole && <p className={styles.foot}>{t("directory.most", { count: DIRECTORY_MOST })}</p>}
    </>
  );
}
