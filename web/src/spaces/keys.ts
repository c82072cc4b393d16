/** What of spaces is kept beside the house. */
export const spacesKeys = {
  members: ["spaces", "members"] as const,
  membersOf: (space: string) => ["spaces", "members", space] as const,
  /** `search` "" lists everybody. */
  membersFound: (space: string, search: string) => ["spaces", "members", space, search] as const,
  /** No search finds it: names have no such sign in them alone. */
  membersBarred: (space: string) => ["spaces", "members", space, "!"] as const,
  communities: ["spaces", "communities"] as const,
  communitiesFound: (search: string) => ["spaces", "communities", search] as const,
};
