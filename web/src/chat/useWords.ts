import { useTranslation } from "react-i18next";
import { useFormat } from "#/core/format/useFormat";
import { fullName } from "#/people/names";
import { readersOf, type SpaceRow } from "#/spaces/spaces";

/** What the field to write in says: where it writes, and who will be able to read. */
export function useWords(
  space: SpaceRow,
  name: string,
  me: string,
): { placeholder: string; readers: string } {
  const { t } = useTranslation("chat");
  const format = useFormat();
  const { kind } = space.own.space;
  const count = readersOf(space.own);
  if (kind !== "direct") {
    const readers =
      kind === "community" ? t("readers.community", { count }) : t("readers.members", { count });
    return { placeholder: t("compose.to", { channel: name }), readers };
  }
  const others = space.others.filter(({ id }) => id !== me);
  const [one] = others;
  if (!one) return { placeholder: t("compose.toSelf"), readers: t("readers.self") };
  const readers =
    others.length === 1
      ? t("readers.direct", { name: fullName(one) })
      : t("readers.few", { names: others.map((person) => person.given_name).join(", ") });
  const whom = others.length === 1 ? fullName(one) : format.names(others.map((person) => person.given_name));
  return { placeholder: t("compose.toPerson", { name: whom }), readers };
}
