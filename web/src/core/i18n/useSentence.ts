import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError, Unreachable } from "#/core/api/errors";

/** What went wrong, in a sentence for people: the server's own where it has one. */
export function useSentence(): (error: unknown) => string {
  const { t } = useTranslation("errors");
  return useCallback(
    (error) => {
      if (error instanceof Unreachable) return `${t("network.title")}. ${t("network.text")}`;
      if (error instanceof ProblemError && error.details.title) return error.details.title;
      return t("unexpected.title");
    },
    [t],
  );
}

/** What went wrong where something should stand: what happened, and what is safe and to be done. */
export function useFailure(): (error: unknown) => { title: string; text: string } {
  const { t } = useTranslation("errors");
  return useCallback(
    (error) => {
      if (!(error instanceof ProblemError)) return { title: t("network.title"), text: t("network.text") };
      const text = t("unexpected.text", { code: error.code });
      return { title: error.details.title || t("unexpected.title"), text };
    },
    [t],
  );
}
