import { useNavigate } from "@tanstack/react-router";
import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { CallView } from "#/core/api/schema";
import { keeper } from "#/core/journal/live";
import { useShortcut } from "#/core/keys/useShortcut";
import { useStore } from "#/core/store";
import { face, fullName } from "#/people/names";
import { usePerson } from "#/people/usePerson";
import { may } from "#/spaces/spaces";
import { useSpace } from "#/spaces/useSpaces";
import { Button } from "#/ui/control/Button";
import { IconPhone, IconPhoneX, IconVideoCamera } from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { useToasts } from "#/ui/layer/Toasts";
import { current, enter } from "../call/current";
import { choices, choose } from "../media/devices";
import { declineCall, useRinging } from "../queries";
import styles from "./Incoming.module.css";
import { startTone } from "./tone";

/** The calls that ring, in front of whatever page shows. Stands once on each page. */
export function Incoming(): ReactElement | null {
  const ringing = useRinging();
  const inCall = useStore(current, (now) => now !== null);
  const rings = ringing.length > 0;
  // In a call one sees who rings; a tone would be in everybody's ears.
  useEffect(() => (rings && !inCall ? startTone("incoming") : undefined), [rings, inCall]);
  useMissed(ringing);
  if (!rings) return null;
  return (
    <div className={styles.cards}>
      {ringing.map((call) => (
        <Card key={call.id} call={call} inCall={inCall} />
      ))}
    </div>
  );
}

function Card({ call, inCall }: { call: CallView; inCall: boolean }): ReactElement | null {
  const { t } = useTranslation("meet");
  const navigate = useNavigate();
  const row = useSpace(call.space_id);
  const caller = usePerson(call.started_by);
  const answer = useRef<HTMLButtonElement>(null);
  useShortcut("g a", () => answer.current?.focus());
  if (!row) return null;
  const name = caller ? fullName(caller) : t("someone");
  const accept = (camera: boolean): void => {
    // Whoever answers is heard; whether they are seen they have just said.
    const speaks = may(row.own, "meet:call:speak");
    if (speaks) choose({ microphone: true, camera });
    void enter(row.id, { microphone: speaks && choices.get().microphone, camera: speaks && camera });
    void navigate({ to: "/call/$spaceId", params: { spaceId: row.id } });
  };
  return (
    <section className={styles.card} data-theme="dark" aria-label={t("ring.title", { name })}>
      <div className={styles.who}>
        <Avatar person={caller ? face(caller) : { id: call.started_by, name }} size={56} />
        <div className={styles.words}>
          <p className={styles.name} role="alert">
            {t("ring.title", { name })}
          </p>
          <p className={styles.about}>
            {row.others.length > 1 ? t("ring.many", { names: row.name }) : (caller?.function ?? "")}
          </p>
          {inCall && <p className={styles.about}>{t("ring.leavesOther")}</p>}
        </div>
      </div>
      <div className={styles.actions}>
        <Button ref={answer} variant="primary" icon={IconPhone} onClick={() => accept(false)}>
          {t("ring.voice")}
        </Button>
        <Button icon={IconVideoCamera} onClick={() => accept(true)}>
          {t("ring.camera")}
        </Button>
        <Button
          variant="plain"
          icon={IconPhoneX}
          onClick={() => {
            // Were it lost, the tone would end by itself.
            declineCall(call.id).catch(() => undefined);
          }}
        >
          {t("ring.decline")}
        </Button>
      </div>
    </section>
  );
}

/** Says which calls rang and were neither answered nor declined. */
function useMissed(ringing: readonly CallView[]): void {
  const { t } = useTranslation("meet");
  const navigate = useNavigate();
  const toasts = useToasts();
  const before = useRef<readonly CallView[]>([]);
  useEffect(() => {
    const gone = before.current.filter(({ id }) => !ringing.some((one) => one.id === id));
    before.current = ringing;
    for (const call of gone) {
      const house = keeper.house.get();
      const space = call.space_id;
      if (!house?.spaces[space] || !missed(call)) continue;
      const caller = house.people[call.started_by];
      toasts.show({
        text: t("ring.missed", { name: caller ? fullName(caller) : t("someone") }),
        action: {
          label: t("ring.back"),
          run: () => void navigate({ to: "/call/$spaceId", params: { spaceId: space } }),
        },
      });
    }
  }, [ringing, toasts, t, navigate]);
}

const declined = new Set<string>();
keeper.onFleeting(({ e }) => {
  if (e.type === "meet.call.declined" && e.person_id === keeper.house.get()?.me) declined.add(e.call_id);
});

/** Whether a call that no longer rings was missed: one's own word on it was neither yes nor no. */
function missed(call: CallView): boolean {
  const house = keeper.house.get();
  const now = house?.calls[call.space_id];
  const answered = now?.id === call.id && now.participants.some(({ person_id }) => person_id === house?.me);
  return !answered && !declined.has(call.id);
}
