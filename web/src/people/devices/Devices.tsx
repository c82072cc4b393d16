import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OwnSession } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useFailure } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { IconDeviceMobile, IconMonitor } from "#/ui/icon";
import { Dialog } from "#/ui/layer/Dialog";
import { useToasts } from "#/ui/layer/Toasts";
import { ErrorState } from "#/ui/state/ErrorState";
import { FormProblem } from "#/ui/state/FormProblem";
import { RowBones } from "#/ui/state/Skeleton";
import me from "../me/Me.module.css";
import styles from "../passkeys/Passkeys.module.css";
import { useConfirmed } from "../passkeys/useConfirmed";
import { useKeySentence } from "../passkeys/words";
import { endOtherSessions, endSession, useOwnSessions } from "./queries";

const PHONES: ReadonlySet<OwnSession["system"]> = new Set(["android", "ios"]);

/** Where one is signed in: which device, since when, by what; and ending it there. */
export function Devices(): ReactElement {
  const { t } = useTranslation("people");
  const failure = useFailure();
  const own = useOwnSessions();
  return (
    <section className={me.section} aria-labelledby="devices-title">
      <h2 id="devices-title" className={me.heading}>
        {t("devices.title")}
      </h2>
      <p className={me.about}>{t("devices.about")}</p>
      {own.data ? (
        <Held sessions={own.data} />
      ) : own.isError ? (
        <ErrorState {...failure(own.error)} onRetry={() => void own.refetch()} small />
      ) : (
        <RowBones count={2} height={62} />
      )}
    </section>
  );
}

function Held({ sessions }: { sessions: readonly OwnSession[] }): ReactElement {
  const { t } = useTranslation("people");
  const { t: ui } = useTranslation("ui");
  const words = useKeySentence();
  const toasts = useToasts();
  const name = useDeviceName();
  const { confirmed, dialog } = useConfirmed();
  const [asking, setAsking] = useState(false);
  const end = useAct((session: OwnSession) => confirmed(() => endSession(session.id)));
  const others = useAct(() => confirmed(endOtherSessions));
  const error = end.error ?? others.error;
  const begin = (): void => {
    end.reset();
    others.reset();
  };
  return (
    <>
      <ul className={styles.list}>
        {sessions.map((session) => (
          <Row
            key={session.id}
            session={session}
            busy={end.isPending && end.variables.id === session.id}
            onEnd={() => {
              begin();
              end.mutate(session, {
                onSuccess: () => toasts.show({ text: t("devices.ended", { name: name(session) }) }),
              });
            }}
          />
        ))}
      </ul>
      {error && <FormProblem text={words(error)} />}
      {sessions.length > 2 && (
        <Button busy={others.isPending} onClick={() => setAsking(true)}>
          {t("devices.endOthers")}
        </Button>
      )}
      {asking && (
        <Dialog
          title={t("devices.endOthers")}
          opened
          onClose={() => setAsking(false)}
          width={440}
          actions={
            <>
              <Button variant="plain" onClick={() => setAsking(false)}>
                {ui("cancel")}
              </Button>
              <Button
                variant="primary"
                onClick={() => {
                  setAsking(false);
                  begin();
                  others.mutate(undefined, {
                    onSuccess: () => toasts.show({ text: t("devices.othersEnded") }),
                  });
                }}
              >
                {t("devices.end")}
              </Button>
            </>
          }
        >
          <p>{t("devices.endOthersText")}</p>
        </Dialog>
      )}
      {dialog}
    </>
  );
}

/** A device in people's words: « Firefox sur Windows ». */
function useDeviceName(): (session: OwnSession) => string {
  const { t } = useTranslation("people");
  return ({ browser, system }) =>
    t("devices.what", { browser: t(`devices.browser.${browser}`), system: t(`devices.system.${system}`) });
}

function Row({
  session,
  busy,
  onEnd,
}: {
  session: OwnSession;
  busy: boolean;
  onEnd: () => void;
}): ReactElement {
  const { t } = useTranslation("people");
  const format = useFormat();
  const name = useDeviceName()(session);
  const Drawing = PHONES.has(session.system) ? IconDeviceMobile : IconMonitor;
  const since = t("devices.since", {
    when: format.dayAndTime(Date.parse(session.created_at)),
    means: t(`devices.means.${session.means}`),
  });
  const seen = session.connected
    ? t("devices.connected")
    : t("devices.seen", { when: format.dayAndTime(Date.parse(session.seen_at)) });
  return (
    <li className={styles.key}>
      <Drawing size={24} />
      <div className={styles.what}>
        <p className={styles.name}>{name}</p>
        {(session.current || session.shared) && (
          <p className={styles.when}>
            {[session.current && t("devices.current"), session.shared && t("devices.shared")]
              .filter(Boolean)
              .join(" · ")}
          </p>
        )}
        <p className={styles.when}>
          {since} {!session.current && seen}
        </p>
      </div>
      {!session.current && (
        <Button variant="plain" busy={busy} aria-label={t("devices.endThis", { name })} onClick={onEnd}>
          {t("devices.end")}
        </Button>
      )}
    </li>
  );
}
