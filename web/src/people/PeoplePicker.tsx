import { type ReactElement, type ReactNode, type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PersonCard } from "#/core/api/schema";
import { TokenField } from "#/ui/control/TokenField";
import { Avatar } from "#/ui/identity/Avatar";
import { face, fullName } from "./names";
import { PersonLine } from "./PersonLine";
import { useFound } from "./picker/useFound";
import { usePresence } from "./usePresence";

/**
 * To choose agents: found as one types, whatever the accents and the order of names; with nothing typed, those one
 * exchanged with last. `refused` says why someone cannot be chosen (they are in already).
 */
export function PeoplePicker({
  label,
  labelHidden,
  hint,
  error,
  value,
  onChange,
  onQuery,
  refused,
  full,
  inline,
  onEnter,
  trailing,
  notice,
  inputRef,
}: {
  label: string;
  labelHidden?: boolean;
  hint?: ReactNode;
  error?: string | null;
  value: readonly PersonCard[];
  onChange: (people: readonly PersonCard[]) => void;
  /** Told what is typed. */
  onQuery?: (query: string) => void;
  refused?: (person: PersonCard) => string | undefined;
  /** No more can be chosen, and why. */
  full?: string | null;
  /** The list stands under the field all the time. */
  inline?: boolean;
  onEnter?: () => void;
  trailing?: ReactNode;
  notice?: ReactNode;
  inputRef?: RefObject<HTMLInputElement | null>;
}): ReactElement {
  const { t } = useTranslation("people");
  const { t: errors } = useTranslation("errors");
  const [query, setQuery] = useState("");
  const found = useFound(query);
  const chosen = new Set(value.map(({ id }) => id));
  // Those who can be chosen first.
  const offered = found.people
    .filter(({ id }) => !chosen.has(id))
    .map((person) => ({ person, refused: refused?.(person) }))
    .sort((one, other) => Number(one.refused !== undefined) - Number(other.refused !== undefined));
  const typed = query.trim();
  const nobody = typed === "" ? t("picker.begin") : t("picker.nobody", { wanted: typed });
  return (
    <TokenField
      label={label}
      {...(labelHidden && { labelHidden })}
      {...(hint !== undefined && { hint })}
      error={error}
      {...(inline && { inline })}
      {...(full !== undefined && { full })}
      {...(onEnter && { onEnter })}
      trailing={trailing}
      notice={notice}
      {...(inputRef && { ref: inputRef })}
      placeholder={t("picker.placeholder")}
      chosen={value.map((person) => ({
        item: person,
        id: person.id,
        name: fullName(person),
        picture: <Avatar person={face(person)} size={24} />,
      }))}
      onChosen={onChange}
      query={query}
      onQuery={(next) => {
        setQuery(next);
        onQuery?.(next);
      }}
      options={offered.map(({ person, refused: why }) => ({
        item: person,
        id: person.id,
        name: fullName(person),
        picture: <WatchedAvatar person={person} />,
        row: <PersonLine person={person} wanted={query} />,
        refused: why,
      }))}
      empty={
        found.error ? `${errors("network.title")}. ${errors("network.text")}` : found.settled ? nobody : null
      }
    />
  );
}

function WatchedAvatar({ person }: { person: PersonCard }): ReactElement {
  return <Avatar person={face(person)} size={32} presence={usePresence(person.id)} />;
}
