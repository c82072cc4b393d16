import { useState } from "react";

type FieldState = {
  value: string;
  /** What is wrong, once the field has been left or the form was sent. */
  error: string | null;
  /** What is wrong, told or not. */
  wrong: string | null;
  /** To spread on a TextField, TextArea or Select. */
  input: {
    value: string;
    error: string | null;
    onChange: (event: { target: { value: string } }) => void;
    onBlur: () => void;
  };
  set: (value: string) => void;
  /** Looks now, shows what is wrong, and says whether all is well: for the moment a form is sent. */
  check: () => boolean;
};

/** A field that is judged when it is left, not while one types; once judged wrong, it is judged at each key. */
export function useField(initial: string, judge: (value: string) => string | null): FieldState {
  const [value, set] = useState(initial);
  const [left, setLeft] = useState(false);
  const error = left ? judge(value) : null;
  return {
    value,
    error,
    wrong: judge(value),
    set,
    input: {
      value,
      error,
      onChange: (event) => set(event.target.value),
      // Passing through an empty field is not a mistake yet.
      onBlur: () => setLeft(left || value !== ""),
    },
    check: () => {
      setLeft(true);
      return judge(value) === null;
    },
  };
}
