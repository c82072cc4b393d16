import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "#/core/api/errors";
import type { RuleVersions, RuleView } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { ruleNow } from "./queries";

export type Declaring<Asked> = { submit: (asked: Asked) => void; busy: boolean; problem: string | null };

/**
 * Declares what a form says, on the version that it was opened on. Where another stands by now the form is told so, keeps
 * what was typed, and goes on from what stands: sending it again is a second thought, not the first one.
 */
export function useDeclaring<Asked>(
  act: (asked: Asked, seen: string) => Promise<RuleView>,
  rule: RuleView,
  kind: keyof RuleVersions,
  onDone: () => void,
): Declaring<Asked> {
  const { t } = useTranslation("rule");
  const sentence = useSentence();
  const [seen, setSeen] = useState(rule.versions[kind]);
  const declare = useAct((asked: Asked) => act(asked, seen));
  const changed =
    declare.error instanceof ProblemError && declare.error.details.reason === "changed-meanwhile";
  return {
    busy: declare.isPending,
    problem: declare.error && (changed ? t("form.changed") : sentence(declare.error)),
    submit: (asked) =>
      declare.mutate(asked, {
        onSuccess: onDone,
        onError: (error) => {
          if (error instanceof ProblemError && error.details.reason === "changed-meanwhile") {
            void ruleNow().then(({ versions }) => setSeen(versions[kind]));
          }
        },
      }),
  };
}
