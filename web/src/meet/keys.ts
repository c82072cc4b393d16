/** What of calls is kept beside the house. */
export const meetKeys = { engine: ["meet", "engine"] as const };
