/** What is looked for: in the page's address, so that it can be gone back to and handed on. Days are local, both included. */
export type Sought = {
  action?: string;
  person?: string;
  space?: string;
  outcome?: "done" | "refused";
  since?: string;
  until?: string;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/u;
const ID = /^[0-9a-f-]{36}$/u;
const ACT = /^[a-z:-]{3,120}$/u;

/** What an address looks for; what it cannot mean is left out. */
export function soughtIn(search: Record<string, unknown>): Sought {
  const said = (name: keyof Sought, form: RegExp): Partial<Sought> => {
    const value = search[name];
    return typeof value === "string" && form.test(value) ? { [name]: value } : {};
  };
  return {
    ...said("action", ACT),
    ...said("person", ID),
    ...said("space", ID),
    ...said("outcome", /^(?:done|refused)$/u),
    ...said("since", DAY),
    ...said("until", DAY),
  };
}

/** The first moment of a day where the window is, or of one `later`. */
export function moment(day: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
