/** What of people is kept beside the house. */
export const peopleKeys = {
  profile: (person: string) => ["people", "profile", person] as const,
  passkeys: ["people", "passkeys"] as const,
  sessions: ["people", "sessions"] as const,
  password: ["people", "password"] as const,
  found: (search: string) => ["people", "found", search] as const,
};
