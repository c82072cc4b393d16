import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { words } from "#/core/api/content";
import type { MessageView } from "#/core/api/schema";

/** A message on one line, for lists: its words without their layout, or what it is when it has none. */
export function MessageLine({ message }: { message: MessageView }): ReactElement {
  const { t } = useTranslation("chat");
  if (message.deleted_at) return <em>{t("line.deleted")}</em>;
  const text = words(message.content).replace(/\s+/gu, " ").trim();
  // People write in a language of their own.
  if (text) return <span lang="">{text}</span>;
  const [file] = message.files;
  if (message.files.length === 1 && file) return <>{t("line.file", { name: words(file.name) })}</>;
  return <>{t("line.files", { count: message.files.length })}</>;
}
