import {
  createContext,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { IconX } from "../icon";
import styles from "./Toasts.module.css";

type Toast = {
  text: string;
  /** Undoes what was done; the toast then goes. */
  undo?: () => void;
  /** Another thing to do, with its word. */
  action?: { label: string; run: () => void };
  /** How long it stays unless it is held, in milliseconds. */
  staysMs?: number;
  /** Told when it goes without having been undone: what could be undone until then is now to be done. */
  onGone?: () => void;
};

type Shown = Toast & { id: number };
type Toaster = { show: (toast: Toast) => void };

const STAYS_MS = 6000;
const STAYS_WITH_ACTION_MS = 10_000;
const MOST = 3;

const Context = createContext<Toaster | null>(null);

/** Says quietly that something was done, and offers to undo it. */
export function useToasts(): Toaster {
  const found = useContext(Context);
  if (!found) throw new Error("useToasts needs a <Toasts> above it");
  return found;
}

/** Holds the toasts of the window, at its foot; readers hear them without losing their place. */
export function Toasts({ children }: { children: ReactNode }): ReactElement {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const last = useRef(0);
  // Beside the state, so that each toast is told that it goes once, and outside of rendering.
  const now = useRef<readonly Shown[]>([]);
  const put = useCallback((next: readonly Shown[]) => {
    now.current = next;
    setShown(next);
  }, []);
  const show = useCallback(
    (toast: Toast) => {
      last.current += 1;
      const all = [...now.current, { ...toast, id: last.current }];
      put(all.slice(-MOST));
      for (const gone of all.slice(0, -MOST)) gone.onGone?.();
    },
    [put],
  );
  const remove = useCallback(
    (id: number, undone = false) => {
      const gone = now.current.find((one) => one.id === id);
      put(now.current.filter((one) => one.id !== id));
      if (!undone) gone?.onGone?.();
    },
    [put],
  );
  const toaster = useMemo(() => ({ show }), [show]);
  return (
    <Context value={toaster}>
      {children}
      <div className={styles.region} role="status" aria-live="polite">
        {shown.map((toast) => (
          <Bread key={toast.id} toast={toast} remove={remove} />
        ))}
      </div>
    </Context>
  );
}

function Bread({
  toast,
  remove,
}: {
  toast: Shown;
  remove: (id: number, undone?: boolean) => void;
}): ReactElement {
  const { t } = useTranslation("ui");
  const [held, setHeld] = useState(false);
  const act = toast.undo ? { label: t("undo"), run: toast.undo } : toast.action;
  useEffect(() => {
    if (held) return;
    const stays = toast.staysMs ?? (toast.undo || toast.action ? STAYS_WITH_ACTION_MS : STAYS_MS);
    const timer = setTimeout(() => remove(toast.id), stays);
    return () => clearTimeout(timer);
  }, [held, remove, toast]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: holding it under the pointer only keeps it longer
    <div
      className={styles.toast}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={styles.text}>{toast.text}</span>
      {act && (
        <button
          type="button"
          className={styles.action}
          onClick={() => {
            act.run();
            remove(toast.id, toast.undo !== undefined);
          }}
        >
          {act.label}
        </button>
      )}
      <button type="button" className={styles.close} aria-label={t("close")} onClick={() => remove(toast.id)}>
        <IconX size={16} />
      </button>
    </div>
  );
}
