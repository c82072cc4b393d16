import { useEffect } from "react";
import { api, take } from "#/core/api/client";
import type { PersonCard } from "#/core/api/schema";
import { keeper, useHouse } from "#/core/journal/live";

const TOGETHER_MS = 20;
/** The server gives this many cards at once. */
const CARDS_MOST = 200;

const wanted = new Set<string>();
/** Asked for already: whoever is not given is not to be seen, and asking again would change nothing. */
const asked = new Set<string>();
let waiting = false;

// Whoever signs in next may see other people.
keeper.house.subscribe(() => {
  if (keeper.house.get() === null) asked.clear();
});

function want(person: string): void {
  if (asked.has(person) || keeper.house.get()?.people[person]) return;
  wanted.add(person);
  soon();
}

function soon(): void {
  if (waiting) return;
  waiting = true;
  setTimeout(() => void fetchWanted(), TOGETHER_MS);
}

async function fetchWanted(): Promise<void> {
  waiting = false;
  const ids = [...wanted].slice(0, CARDS_MOST);
  for (const id of ids) {
    wanted.delete(id);
    asked.add(id);
  }
  if (wanted.size > 0) soon();
  try {
    keeper.learn(await take(api.GET("/api/people/cards", { params: { query: { ids } } })));
  } catch {
    // Whoever shows them next asks again.
    for (const id of ids) asked.delete(id);
  }
}

/** The card of a person; asked for, together with others, when it is not known yet. */
export function usePerson(person: string | undefined): PersonCard | undefined {
  const card = useHouse((house) => (person ? house.people[person] : undefined));
  const missing = person !== undefined && card === undefined;
  useEffect(() => {
    if (missing) want(person);
  }, [missing, person]);
  return card;
}

/** The cards of some people, in their order; those that are not known yet are asked for, and come later. */
export function usePeople(ids: readonly string[]): readonly PersonCard[] {
  const people = useHouse((house) => house.people);
  const all = ids.join();
  useEffect(() => {
    for (const person of all ? all.split(",") : []) want(person);
  }, [all]);
  return ids.flatMap((person) => people[person] ?? []);
}
