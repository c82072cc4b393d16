import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError, Unreachable } from "#/core/api/errors";
import type { ProblemDetails } from "#/core/api/schema";

/** What the server's answer says in one sentence: of a refusal, why the rule refuses; else the server's own title. */
export function useReason(): (problem: Pick<ProblemDetails, "code" | "reason" | "title">) => string {
  const { t, i18n } = useTranslation("refusals");
  return useCallback(
    ({ code, reason, title }) =>
      code === "refused" && reason && i18n.exists(`why.${reason}`, { ns: "refusals" })
        ? t(`why.${reason}` as "why.not-yours")
        : title,
    [t, i18n],
  );
}

/** What went wrong, in a sentence for people: the rule's or the server's own where there is one. */
export function useSentence(): (error: unknown) => string {
  const { t } = useTranslation("errors");
  const reason = useReason();
  return useCallback(
    (error) => {
      if (error instanceof Unreachable) return `${t("network.title")}. ${t("network.text")}`;
      const said = error instanceof ProblemError && reason(error.details);
      return said || t("unexpected.title");
    },
    [t, reason],
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
