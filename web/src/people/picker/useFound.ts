import { useEffect, useMemo, useState } from "react";
import type { PersonCard } from "#/core/api/schema";
import { useMe } from "#/core/session/useMe";
import { fullName } from "../names";
import { useDirectory } from "../queries";
import { answers, ranked } from "./ranked";
import { useRecent } from "./useRecent";

const PAUSE_MS = 120;
const RECENT_MOST = 8;

/** A value, once it has stood still for a moment: one does not ask the server at each key. */
export function useStill<Value>(value: Value, pause = PAUSE_MS): Value {
  const [still, setStill] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return still;
}

type Found = {
  /** Those found; with nothing asked, those one exchanged with last, then some of one's own organisation. */
  readonly people: readonly PersonCard[];
  /** The people answer what is typed now, and not what was typed before. */
  readonly settled: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
};

/** Agents of the directory by what is typed, those one has to do with first. Oneself is left out. */
export function useFound(query: string): Found {
  const me = useMe();
  const typed = query.trim();
  const asked = useStill(typed);
  const recent = useRecent();
  const { data, error, isPlaceholderData, refetch } = useDirectory(asked);
  const settled = data !== undefined && !isPlaceholderData && asked === typed;
  const people = useMemo(() => {
    const found = data ?? [];
    // Until the answer is here, only those who fit what is typed now: Enter may already take one of them.
    const all = settled && typed !== "" ? found : [...recent, ...found].filter((one) => fits(one, typed));
    const byId = new Map(all.map((person) => [person.id, person]));
    byId.delete(me.profile.card.id);
    const order = ranked(
      [...byId.keys()],
      recent.map(({ id }) => id),
    );
    const most = typed === "" ? RECENT_MOST : order.length;
    return order.slice(0, most).flatMap((id) => byId.get(id) ?? []);
  }, [data, recent, typed, settled, me.profile.card.id]);
  return {
    people,
    settled,
    error,
    retry: () => void refetch(),
  };
}

const fits = (person: PersonCard, typed: string): boolean =>
  answers(`${fullName(person)} ${person.function}`, typed);
