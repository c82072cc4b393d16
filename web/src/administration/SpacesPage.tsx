import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import type { Label, SpaceLine } from "#/core/api/schema";
import { fullDate } from "#/core/format/time";
import { useFormat } from "#/core/format/useFormat";
import { useFailure } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { fullName } from "#/people/names";
import { Button } from "#/ui/control/Button";
import { Select } from "#/ui/control/Field";
import { LABELS, LabelPill } from "#/ui/mark/LabelPill";
import { EmptyState } from "#/ui/state/EmptyState";
import { ErrorState } from "#/ui/state/ErrorState";
import { RowBones } from "#/ui/state/Skeleton";
import styles from "./Administration.module.css";
import { ListExport } from "./ListExport";
import { Orphans } from "./Orphans";
import { type SoughtSpaces, useSpaceBook } from "./queries";
import { InAdministration } from "./session/InAdministration";

/** An organisation's spaces, for its administrators: what there is and who answers for it, nothing that it holds. */
export function SpacesPage(): ReactElement {
  const { t } = useTranslation("administration");
  const me = useMe();
  useDocumentTitle(t("book.title"));
  if (!me.abilities.includes("spaces:book:read")) return <EmptyState whole text={t("book.notYours")} />;
  return (
    <div className={styles.page}>
      <div className={styles.inside}>
        <header className={styles.head}>
          <h1 className={styles.title}>{t("book.title")}</h1>
          <ListExport of="spaces">{t("book.export")}</ListExport>
        </header>
        <p className={styles.about}>{t("book.about", { name: me.profile.organisation.name })}</p>
        <InAdministration>
          <Orphans />
          <Spaces />
        </InAdministration>
      </div>
    </div>
  );
}

function Spaces(): ReactElement {
  const { t } = useTranslation("administration");
  const { t: ui } = useTranslation("ui");
  const failure = useFailure();
  const [sought, setSought] = useState<SoughtSpaces>({});
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useSpaceBook(sought);
  const [first] = data ?? [];
  const spaces = data?.flatMap((page) => page.spaces) ?? [];
  const seek = (change: SoughtSpaces): void => setSought({ ...sought, ...change });
  const filtered = Object.values(sought).some(Boolean);
  return (
    <section className={styles.section} aria-labelledby="spaces-found">
      <h2 id="spaces-found" className={styles.heading}>
        {first ? t("book.found", { count: first.count }) : t("book.title")}
      </h2>
      <div className={styles.filters}>
        <Select
          label={t("book.kind.label")}
          value={sought.kind ?? ""}
          onChange={({ target }) => seek({ kind: target.value as NonNullable<SoughtSpaces["kind"]> })}
          options={[
            { value: "", label: t("book.kind.any") },
            { value: "team", label: t("book.kind.team") },
            { value: "community", label: t("book.kind.community") },
          ]}
        />
        <Select
          label={t("book.labels.label")}
          value={sought.label ?? ""}
          onChange={({ target }) => seek({ label: target.value as Label | "" })}
          options={[
            { value: "", label: t("book.labels.any") },
            ...LABELS.map((value) => ({ value, label: ui(`label.${value}`) })),
          ]}
        />
        <Select
          label={t("book.managed.label")}
          value={sought.managed ?? ""}
          onChange={({ target }) => seek({ managed: target.value as NonNullable<SoughtSpaces["managed"]> })}
          options={[
            { value: "", label: t("book.managed.any") },
            { value: "managed", label: t("book.managed.managed") },
            { value: "unmanaged", label: t("book.managed.unmanaged") },
          ]}
        />
      </div>
      {error && !data && <ErrorState small {...failure(error)} onRetry={() => void refetch()} />}
      {!data && !error && <RowBones count={6} height={64} />}
      {data && spaces.length === 0 && <EmptyState small text={t(filtered ? "book.none" : "book.empty")} />}
      <ul className={styles.people} aria-label={t("book.list")}>
        {spaces.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ul>
      {hasNextPage && (
        <Button className={styles.more} busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("book.more")}
        </Button>
      )}
    </section>
  );
}

function Line({ line }: { line: SpaceLine }): ReactElement {
  const { t } = useTranslation("administration");
  const { names, size, where } = useFormat();
  const { kind, label, name, managers, managers_count: many, members, files, active_at: active } = line;
  const by = names(managers.map(fullName));
  const managed =
    many === 0
      ? t("book.byNobody")
      : many > managers.length
        ? t("book.byMore", { names: managers.map(fullName).join(", "), count: many - managers.length })
        : t("book.by", { names: by });
  const holds = [
    t("book.members", { count: members }),
    files === 0 ? t("book.noFiles") : t("book.files", { count: files, size: size(line.size) }),
    t("book.active", { day: fullDate(Date.parse(active), where) }),
  ];
  const unnamed = t(`book.unnamed.${kind === "community" ? "community" : "team"}`);
  return (
    <li>
      <span className={styles.what}>
        <span className={styles.spaceName} data-unnamed={name === null || undefined}>
          {name?.format === "plain" ? name.text : unnamed}
        </span>
        <span className={styles.quiet} data-warn={many === 0 || undefined}>
          {managed}
        </span>
        <span className={styles.quiet}>{holds.join(", ")}</span>
      </span>
      <LabelPill label={label} />
    </li>
  );
}
