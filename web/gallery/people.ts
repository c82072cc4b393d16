import type { Face } from "#/ui/identity/Avatar";

const NAMES = [
  "Inès Courtial",
  "Gaël Le Bihan",
  "Maryvonne Auclair",
  "Tiago Ferreira",
  "Noé Vasseur",
  "Aïssatou Ndiaye",
  "Léonie Marchand",
  "Zoé",
  "Jean-Baptiste de La Tour du Pin Chambly de La Charce",
  "Öyvind Åström",
];

export const PEOPLE: readonly Face[] = NAMES.map((name, index) => ({ id: `person-${index}`, name }));
export const someone = (index: number): Face => PEOPLE[index % PEOPLE.length] ?? { id: "0", name: "?" };
