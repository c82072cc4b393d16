import i18next from "i18next";
import { csrfHeader } from "./client";
import { ProblemError, problemOf, Unreachable } from "./errors";

export type Upload = {
  readonly method: "POST" | "PUT";
  readonly url: string;
  readonly body: Blob;
  /** Told as it goes: bytes out of all of them. */
  readonly onProgress?: (sent: number) => void;
  readonly signal?: AbortSignal;
};

/**
 * Sends bytes as a request's body; gives what the server answers. Rejects with ProblemError, Unreachable, or an
 * AbortError. By XMLHttpRequest: `fetch` says nothing of how far an upload has come.
 */
export function upload<Answer>({ method, url, body, onProgress, signal }: Upload): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    const over = (): void => signal?.removeEventListener("abort", abort);
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    signal?.addEventListener("abort", abort);
    request.open(method, url);
    request.responseType = "text";
    const headers = { ...csrfHeader(), "Accept-Language": i18next.language || "fr" };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onProgress?.(loaded);
    request.onload = () => {
      over();
      const answer = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(answer as Answer);
      else reject(new ProblemError(problemOf(request.status, answer)));
    };
    request.onerror = () => {
      over();
      reject(new Unreachable());
    };
    request.onabort = () => {
      over();
      reject(signal?.reason ?? new DOMException("aborted", "AbortError"));
    };
    request.send(body);
  });
}

function parsed(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    // Something between us and the server answered.
    return null;
  }
}
