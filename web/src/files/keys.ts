/** What of files is kept beside the house. */
export const filesKeys = {
  lists: ["files", "list"] as const,
  list: (space: string) => ["files", "list", space] as const,
};
