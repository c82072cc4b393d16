import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError, Unreachable } from "#/core/api/errors";
import { ErrorState } from "#/ui/state/ErrorState";
import styles from "./Alone.module.css";

/** How browsers say that a part of the window could not be fetched. */
const NOT_FETCHED = /dynamically imported module|importing a module script failed/iu;

/** A page could not be shown: the server did not answer, refused, or we have a defect. */
export function Crash({ error, reset }: ErrorComponentProps): ReactElement {
  const { t } = useTranslation();
  const { t: errors } = useTranslation("errors");
  const router = useRouter();
  const again = (): void => {
    reset();
    void router.invalidate();
  };
  const said =
    error instanceof Unreachable || NOT_FETCHED.test(String(error))
      ? { title: errors("network.title"), text: errors("network.text") }
      : error instanceof ProblemError
        ? { title: errors("unexpected.title"), text: errors("unexpected.text", { code: error.code }) }
        : { title: t("crash.title"), text: t("crash.text") };
  return (
    <main className={styles.page}>
      <ErrorState {...said} whole onRetry={again} />
    </main>
  );
}
