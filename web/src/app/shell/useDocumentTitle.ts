import { useEffect } from "react";

/** Names the browser's tab after the page: « Espaces · Bastide ». */
export function useDocumentTitle(...parts: (string | undefined)[]): void {
  const title = [...parts.filter(Boolean), "Bastide"].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
