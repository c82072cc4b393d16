import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { leftOf } from "./length";

/** How much may still be written, near the limit; past it, what to do. Nothing before. */
export function LengthNote({ text }: { text: string }): ReactElement | null {
  const { t } = useTranslation("chat");
  const left = leftOf(text);
  if (left === null) return null;
  return (
    <span role="status">
      {left >= 0 ? t("compose.left", { count: left }) : t("compose.over", { count: -left })}
    </span>
  );
}
