import { useLocation } from "@tanstack/react-router";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OwnPasskeys, PasskeyView } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useFailure } from "#/core/i18n/useSentence";
import { knowsKeys } from "#/core/passkeys/ceremony";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { IconFingerprint, IconInfo } from "#/ui/icon";
import { Dialog } from "#/ui/layer/Dialog";
import { useToasts } from "#/ui/layer/Toasts";
import { ErrorState } from "#/ui/state/ErrorState";
import { FormProblem } from "#/ui/state/FormProblem";
import { RowBones } from "#/ui/state/Skeleton";
import me from "../me/Me.module.css";
import { addPasskey, removePasskey, renewCodes, usePasskeys } from "./acts";
import { CodesDialog } from "./CodesDialog";
import { KeyRow } from "./KeyRow";
import styles from "./Passkeys.module.css";
import { useConfirmed } from "./useConfirmed";
import { useKeyName, useKeySentence } from "./words";

/** One's passkeys and recovery codes: what they are for, and all that can be done with them. */
export function Passkeys(): ReactElement {
  const { t } = useTranslation("people");
  const failure = useFailure();
  const own = usePasskeys();
  const heading = useRef<HTMLHeadingElement>(null);
  const { hash } = useLocation();
  const known = own.data !== undefined;
  useEffect(() => {
    // Who was sent here comes to it once what stands above and in it has its height.
    if (known && hash === "passkeys") heading.current?.scrollIntoView();
  }, [known, hash]);
  return (
    <section id="passkeys" className={me.section} aria-labelledby="passkeys-title">
      <h2 id="passkeys-title" ref={heading} className={me.heading}>
        {t("passkeys.title")}
      </h2>
      <p className={me.about}>{t("passkeys.about")}</p>
      {own.data ? (
        <Held own={own.data} />
      ) : own.isError ? (
        <ErrorState {...failure(own.error)} onRetry={() => void own.refetch()} small />
      ) : (
        <RowBones count={1} height={62} />
      )}
    </section>
  );
}

function Held({ own }: { own: OwnPasskeys }): ReactElement {
  const { t } = useTranslation("people");
  const words = useKeySentence();
  const nameOf = useKeyName();
  const toasts = useToasts();
  const strong = useMe().strength === "passkey";
  const { confirmed, dialog } = useConfirmed();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [leaving, setLeaving] = useState<PasskeyView | null>(null);
  const renew = useAct(() => confirmed(renewCodes));
  const add = useAct(() => confirmed(() => addPasskey(nameOf)));
  const remove = useAct((id: string) => confirmed(() => removePasskey(id)));
  const error = add.error ?? remove.error ?? renew.error;
  const reset = (): void => {
    add.reset();
    remove.reset();
    renew.reset();
  };
  const { passkeys } = own;

  const showCodes = (): void => {
    reset();
    renew.mutate(undefined, { onSuccess: setCodes });
  };
  const begin = (): void => {
    reset();
    add.mutate(undefined, {
      onSuccess: () => {
        // Whoever has one key only could lose their only way in; their codes say that it is there.
        if (own.codes_left === 0) renew.mutate(undefined, { onSuccess: setCodes });
        else toasts.show({ text: t("passkeys.done") });
      },
    });
  };
  return (
    <>
      {passkeys.length > 0 && (
        <ul className={styles.list}>
          {passkeys.map((passkey) => (
            <KeyRow key={passkey.id} passkey={passkey} onRemove={() => setLeaving(passkey)} />
          ))}
        </ul>
      )}
      {error && <FormProblem text={words(error)} />}
      {knowsKeys() ? (
        <Button
          icon={IconFingerprint}
          variant={passkeys.length === 0 ? "primary" : "quiet"}
          busy={add.isPending}
          onClick={begin}
        >
          {t(passkeys.length === 0 ? "passkeys.add" : "passkeys.another")}
        </Button>
      ) : (
        <p className={me.hint}>{t("passkeys.trouble.unable")}</p>
      )}
      {passkeys.length > 0 && !strong && (
        <p className={styles.note}>
          <IconInfo size={20} />
          <span>{t("passkeys.weakNow")}</span>
        </p>
      )}
      {passkeys.length > 0 && <Codes own={own} busy={renew.isPending} onRenew={showCodes} />}
      {codes && <CodesDialog codes={codes} onClose={() => setCodes(null)} />}
      {leaving && (
        <Leave
          passkey={leaving}
          last={passkeys.length === 1}
          onClose={() => setLeaving(null)}
          onRemove={() => {
            setLeaving(null);
            reset();
            remove.mutate(leaving.id, {
              onSuccess: () => toasts.show({ text: t("passkeys.removed", { name: leaving.name }) }),
            });
          }}
        />
      )}
      {dialog}
    </>
  );
}

function Codes({
  own,
  busy,
  onRenew,
}: {
  own: OwnPasskeys;
  busy: boolean;
  onRenew: () => void;
}): ReactElement {
  const { t } = useTranslation("people");
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const made = own.codes_made_at;
  return (
    <div className={styles.codes}>
      <h3 className={styles.subhead}>{t("passkeys.codes.heading")}</h3>
      <p className={styles.text}>{t("passkeys.codes.about")}</p>
      {made && (
        <p className={styles.text}>
          <span className={own.codes_left <= 3 ? styles.few : undefined}>
            {t("passkeys.codes.left", { count: own.codes_left })}
          </span>{" "}
          {t("passkeys.codes.made", { day: format.longDay(Date.parse(made)) })}
        </p>
      )}
      <Button busy={busy} onClick={() => (made ? setAsking(true) : onRenew())}>
        {t(made ? "passkeys.codes.again" : "passkeys.codes.make")}
      </Button>
      {asking && (
        <Ask
          title={t("passkeys.codes.again")}
          text={t("passkeys.codes.againText")}
          act={t("passkeys.codes.make")}
          onClose={() => setAsking(false)}
          onAct={() => {
            setAsking(false);
            onRenew();
          }}
        />
      )}
    </div>
  );
}

function Leave({
  passkey,
  last,
  onClose,
  onRemove,
}: {
  passkey: PasskeyView;
  last: boolean;
  onClose: () => void;
  onRemove: () => void;
}): ReactElement {
  const { t } = useTranslation("people");
  return (
    <Ask
      title={t("passkeys.leave.title", { name: passkey.name })}
      text={t(last ? "passkeys.leave.last" : "passkeys.leave.text")}
      act={t("passkeys.remove")}
      danger
      onClose={onClose}
      onAct={onRemove}
    />
  );
}

function Ask({
  title,
  text,
  act,
  danger,
  onClose,
  onAct,
}: {
  title: string;
  text: string;
  act: string;
  danger?: boolean;
  onClose: () => void;
  onAct: () => void;
}): ReactElement {
  const { t } = useTranslation("ui");
  return (
    <Dialog
      title={title}
      opened
      onClose={onClose}
      width={440}
      actions={
        <>
          <Button variant="plain" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button variant={danger ? "danger" : "primary"} onClick={onAct}>
            {act}
          </Button>
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  );
}
