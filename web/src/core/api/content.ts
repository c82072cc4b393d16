import type { Plain } from "./schema";

/** What people say, name or store; sealing will add a member to this union. */
export type Content = Plain;

/** The words of a content, as one may read them here. */
export function words(content: Content): string {
  switch (content.format) {
    case "plain":
      return content.text;
  }
}

/** Words as a content. */
export function plain(text: string): Content {
  return { format: "plain", text };
}
