import type { ProblemDetails } from "./schema";

/** The server refused, or could not: its problem details (RFC 9457), with a sentence for people in `title`. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly details: ProblemDetails;

  constructor(details: ProblemDetails) {
    super(details.title);
    this.details = details;
  }

  get code(): string {
    return this.details.code;
  }
}

/** The server could not be reached: no network, or nobody answers. Nothing was lost, nothing was done. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The details of what the server answered, also when something between us and it answered otherwise. */
export function problemOf(status: number, body: unknown): ProblemDetails {
  if (isProblem(body)) return body;
  return { type: "about:blank", status, code: `http-${status}`, title: "" };
}

function isProblem(body: unknown): body is ProblemDetails {
  return (
    typeof body === "object" &&
    body !== null &&
    "code" in body &&
    typeof body.code === "string" &&
    "title" in body &&
    typeof body.title === "string"
  );
}
