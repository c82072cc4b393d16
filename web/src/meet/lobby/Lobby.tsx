import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "#/core/format/useFormat";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { useStore } from "#/core/store";
import { face } from "#/people/names";
import { Closed, useObstacleWords } from "#/spaces/Closed";
import { obstacle } from "#/spaces/obstacle";
import { may, type SpaceRow } from "#/spaces/spaces";
import { Unsealed } from "#/spaces/Unsealed";
import { useSpace } from "#/spaces/useSpaces";
import { Button } from "#/ui/control/Button";
import { IconInfo, IconPhone, IconVideoCamera, IconWifiLow } from "#/ui/icon";
import { Faces } from "#/ui/identity/Avatar";
import { useLate } from "#/ui/state/Skeleton";
import { current, enter, leave } from "../call/current";
import { initial, type State } from "../call/machine";
import { choices } from "../media/devices";
import { own, release } from "../media/own";
import { DeviceFields } from "../page/DeviceFields";
import { Header } from "../page/Header";
import { useCall, useCallEngine } from "../queries";
import type { CallRoom } from "../room/room";
import styles from "./Lobby.module.css";
import { Preview } from "./Preview";

/** Where one stands before a call: how one looks and sounds, who is there, and the door. */
export function Lobby({ row, room }: { row: SpaceRow; room: CallRoom | null }): ReactElement {
  const { t: ui } = useTranslation("ui");
  // A call may be read of where none can be held: only who may enter one stands at its door.
  const closed = !may(row.own, "meet:call:join");
  return (
    <>
      <Header row={row} back={ui("back")} />
      {closed ? (
        <main className={styles.lobby}>
          <Closed row={row} action="meet:call:join" />
        </main>
      ) : (
        <Inside row={row} room={room} />
      )}
    </>
  );
}

function Inside({ row, room }: { row: SpaceRow; room: CallRoom | null }): ReactElement {
  const { t } = useTranslation("meet");
  const words = useObstacleWords();
  const sends = may(row.own, "meet:call:speak");
  const silent = obstacle(row, "meet:call:speak");
  useOwnSources(sends);
  return (
    <main className={styles.lobby}>
      <h2 className={styles.said}>{t("lobby.title")}</h2>
      {sends ? (
        <Preview />
      ) : (
        <p className={styles.listener}>
          <IconInfo size={20} />
          <span>{silent?.kind === "reader" ? t("lobby.listener") : words(silent)}</span>
        </p>
      )}
      <div className={styles.side}>
        <Who row={row} />
        <Door row={row} room={room} />
        <div className={styles.sealing}>
          <Unsealed label={row.own.space.label} />
        </div>
        <details className={styles.devices}>
          <summary>{t("devices.title")}</summary>
          <DeviceFields sends={sends} />
        </details>
      </div>
    </main>
  );
}

/** Opens what was on the last time, and lets go of it when one goes away instead of in. */
function useOwnSources(sends: boolean): void {
  useEffect(() => {
    // While one is in another call, what is open belongs to that one.
    if (!sends || current.get()) return;
    const { microphone, camera } = choices.get();
    if (microphone) void own.microphone.on();
    if (camera) void own.camera.on();
    return () => {
      if (!current.get()) release();
    };
  }, [sends]);
}

/** Who is there already. */
function Who({ row }: { row: SpaceRow }): ReactElement {
  const { t } = useTranslation("meet");
  const format = useFormat();
  const call = useCall(row.id);
  const people = useHouse((house) => house.people);
  const { device_id, profile } = useMe();
  const me = profile.card.id;
  const elsewhere = call?.participants.some((one) => one.person_id === me && one.device_id !== device_id);
  const ids = [...new Set(call?.participants.map(({ person_id }) => person_id))];
  const others = ids.flatMap((id) => (id !== me && people[id] ? [people[id]] : []));
  const direct = row.own.space.kind === "direct";
  return (
    <div className={styles.who}>
      {others.length > 0 && <Faces people={others.map(face)} size={32} most={5} />}
      <p className={styles.there}>
        {others.length > 0
          ? t("lobby.there", {
              count: others.length,
              names: format.names(
                others.map((person) => person.given_name),
                4,
              ),
            })
          : direct
            ? row.name
            : t("lobby.nobody")}
      </p>
      {elsewhere && <p className={styles.hint}>{t("lobby.otherDevice")}</p>}
      {!call && may(row.own, "meet:call:start") && (
        <p className={styles.hint}>{t(direct ? "lobby.ringHint" : "lobby.startHint")}</p>
      )}
    </div>
  );
}

/** The way in, and what stands in it. */
function Door({ row, room }: { row: SpaceRow; room: CallRoom | null }): ReactElement {
  const { t } = useTranslation("meet");
  const call = useCall(row.id);
  const state = useRoomState(room);
  const engine = useCallEngine().data?.state;
  const other = useStore(current, (now) => (now && now.space !== row.id ? now.space : null));
  const [pressed, setPressed] = useState(false);
  const entering = pressed || (room !== null && state.phase !== "over");
  const waits = useLate(entering && state.phase === "waiting", 400);
  const allowed = may(row.own, call ? "meet:call:join" : "meet:call:start");
  if (!allowed) {
    return <p className={styles.hint}>{t("lobby.waitStart")}</p>;
  }
  const notReady = engine === "building" ? t("wait.building") : engine === "failed" ? t("wait.broken") : null;
  const notice =
    waits && state.why ? t(state.why === "building" ? "wait.buildingIn" : `wait.${state.why}`) : notReady;
  const direct = row.own.space.kind === "direct";
  const onEnter = (): void => {
    setPressed(true);
    const wanted = (source: "microphone" | "camera"): boolean =>
      may(row.own, "meet:call:speak") && (other ? choices.get()[source] : own[source].state.get().wanted);
    void enter(row.id, { microphone: wanted("microphone"), camera: wanted("camera") }).finally(() =>
      setPressed(false),
    );
  };
  return (
    <div className={styles.door}>
      <div role="status">
        {notice && (
          <p className={styles.notice}>
            <IconWifiLow size={20} />
            <span>{notice}</span>
          </p>
        )}
      </div>
      {other && <Leaves space={other} />}
      <div className={styles.buttons}>
        <Button
          variant="primary"
          size="l"
          icon={direct && !call ? IconPhone : IconVideoCamera}
          busy={entering}
          className={styles.enter ?? ""}
          onClick={onEnter}
        >
          {t(entering ? "lobby.entering" : call ? "lobby.join" : direct ? "lobby.call" : "lobby.start")}
        </Button>
        {entering && (
          <Button size="l" variant="plain" onClick={leave}>
            {t("lobby.cancel")}
          </Button>
        )}
      </div>
    </div>
  );
}

/** One window is in one call: says which one is left. */
function Leaves({ space }: { space: string }): ReactElement | null {
  const { t } = useTranslation("meet");
  const row = useSpace(space);
  return row && <p className={styles.hint}>{t("lobby.leaves", { space: row.name })}</p>;
}

const NEVER = { get: () => initial, subscribe: () => () => undefined };

function useRoomState(room: CallRoom | null): State {
  const view = room?.view;
  return useStore(
    view ? { get: () => view.get().state, subscribe: view.subscribe } : NEVER,
    (state) => state,
  );
}
