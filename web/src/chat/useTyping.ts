import { useMemo } from "react";
import { useStore } from "#/core/store";
import { sayTyping, stopTyping, typers } from "./typing";

const NOBODY: { readonly [person: string]: number } = {};

/** The ids of the people who are writing in a channel now, the one who began first first. */
export function useTyping(channel: string): readonly string[] {
  const people = useStore(typers, (all) => all[channel] ?? NOBODY);
  const ids = Object.keys(people).join();
  return useMemo(() => (ids === "" ? [] : ids.split(",")), [ids]);
}

export { sayTyping, stopTyping };
