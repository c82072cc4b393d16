import { Fragment, type ReactElement } from "react";
import styles from "./Matched.module.css";
import { matches } from "./matches";

/** A name, with what of it matches what one looks for. */
export function Matched({ text, wanted }: { text: string; wanted: string }): ReactElement {
  return (
    <>
      {matches(text, wanted).map((part, index) =>
        part.match ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no identity
          <b key={index} className={styles.match}>
            {part.text}
          </b>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <Fragment key={index}>{part.text}</Fragment>
        ),
      )}
    </>
  );
}
