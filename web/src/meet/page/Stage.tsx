import {
  type CSSProperties,
  type ReactElement,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "#/core/store";
import { Button } from "#/ui/control/Button";
import { Choice } from "#/ui/control/Choice";
import { IconScreencast } from "#/ui/icon";
import { Faces } from "#/ui/identity/Avatar";
import { own } from "../media/own";
import {
  choose,
  grid,
  gridHolds,
  nobody,
  type Spotlight,
  spotlight,
  strip,
  TURN_AFTER_MS,
} from "../room/layout";
import type { Member } from "../room/members";
import type { CallRoom } from "../room/room";
import type { Size } from "../room/subscriptions";
import type { Named } from "./naming";
import { SharedScreen } from "./SharedScreen";
import styles from "./Stage.module.css";
import { Tile } from "./Tile";
import { useSize } from "./useSize";

export type Layout = "grid" | "speaker";

type StageProps = {
  room: CallRoom;
  members: readonly Member[];
  names: ReadonlyMap<string, Named>;
  layout: Layout;
  onPeople: () => void;
};

/** The room: faces in a grid; or one of them, or a shared screen, large, with the others in a strip. */
export function Stage({ room, members, names, layout, onPeople }: StageProps): ReactElement {
  const { t } = useTranslation("meet");
  const area = useRef<HTMLElement>(null);
  const size = useSize(area);
  const screens = members.filter(({ screen, self }) => screen !== null && !self);
  const [wanted, setWanted] = useState<string | null>(null);
  const screen = screens.find(({ identity }) => identity === wanted) ?? screens.at(-1);
  const mine = useStore(own.screen.state, (shared) => shared !== null);
  return (
    <section ref={area} className={styles.stage} aria-label={t("stage.label")}>
      {size && size.width > 0 && (
        <Arranged
          {...{ room, members, names, size, onPeople }}
          layout={screen ? "screen" : members.length > 1 ? layout : "grid"}
          screen={
            screen?.screen && (
              <SharedScreen
                key={screen.identity}
                room={room}
                picture={screen.screen}
                name={t("tile.screenOf", { name: names.get(screen.identity)?.name ?? t("someone") })}
              >
                {screens.length > 1 && (
                  <div className={styles.screens}>
                    <Choice
                      legend={t("stage.otherScreens")}
                      legendHidden
                      options={screens.map(({ identity }) => ({
                        value: identity,
                        label: names.get(identity)?.short ?? t("someone"),
                      }))}
                      value={screen.identity}
                      onChange={setWanted}
                    />
                  </div>
                )}
              </SharedScreen>
            )
          }
        />
      )}
      {mine && (
        <p className={styles.sharing}>
          <IconScreencast size={18} />
          <span>{t("stage.sharing")}</span>
          <Button size="s" onClick={() => own.screen.off()}>
            {t("stage.stop")}
          </Button>
        </p>
      )}
    </section>
  );
}

type ArrangedProps = Omit<StageProps, "layout"> & {
  layout: Layout | "screen";
  size: Size;
  screen: ReactElement | null | undefined;
};

const NOBODY: readonly string[] = [];

function Arranged({ room, members, names, size, layout, screen, onPeople }: ArrangedProps): ReactElement {
  const { width, height } = size;
  const beside = strip(members.length, width, height);
  const holds = layout === "grid" ? gridHolds(width, height) : beside.holds;
  const others = layout === "speaker" ? members.length - 1 : members.length;
  // Who speaks matters to the arrangement only where not everybody has a place, or one has the first.
  const follows = layout === "speaker" || others > holds;
  const speaking = useStore(room.speakers.speaking, (now) => (follows ? now : NOBODY));
  const first = useSpotlight(members, speaking, layout === "speaker");
  const rest = useMemo(
    () => (first === null ? members : members.filter(({ identity }) => identity !== first)),
    [members, first],
  );
  const { shown, more } = useChosen(room, rest, holds, speaking);
  const main = first === null ? undefined : members.find(({ identity }) => identity === first);
  const cells = shown.length + (more.length > 0 ? 1 : 0);
  const grown = grid(cells, width, height);
  const cell = layout === "grid" ? grown : strip(cells, width, height);
  const tile = { width: Math.floor(cell.width), height: Math.floor(cell.height) };
  const large = mainSize(size, beside.side, cells, cell);
  return (
    <div className={styles.arranged} data-layout={layout} data-side={beside.side}>
      {screen}
      {main && (
        <ul className={styles.main}>
          <Tile room={room} member={main} named={nameOf(names, main)} {...large} />
        </ul>
      )}
      <ul className={styles.tiles} style={{ "--strip": `${tile.width}px` } as CSSProperties}>
        {shown.map((member) => (
          <Tile
            key={member.identity}
            room={room}
            member={member}
            named={nameOf(names, member)}
            small={layout !== "grid" || tile.width < 200}
            {...tile}
          />
        ))}
        {more.length > 0 && <Rest {...{ more, names, tile, onPeople }} />}
      </ul>
    </div>
  );
}

const nameOf = (names: ReadonlyMap<string, Named>, { identity, person }: Member): Named =>
  names.get(identity) ?? { name: "", short: "", face: { id: person, name: "" } };

/** What the strip leaves to the one in front. */
function mainSize({ width, height }: Size, side: "right" | "bottom", cells: number, cell: Size): Size {
  if (cells === 0) return { width, height };
  return side === "right"
    ? { width: Math.floor(width - cell.width - 8), height }
    : { width, height: Math.floor(height - cell.height - 8) };
}

/** Those without a tile: a few faces and their number. */
function Rest({
  more,
  names,
  tile,
  onPeople,
}: {
  more: readonly Member[];
  names: ReadonlyMap<string, Named>;
  tile: Size;
  onPeople: () => void;
}): ReactElement {
  const { t } = useTranslation("meet");
  return (
    <li className={styles.rest} style={tile}>
      <button type="button" onClick={onPeople} className={styles.restButton}>
        <Faces people={more.map((member) => nameOf(names, member).face)} size={32} />
        <span>{t("tile.rest", { count: more.length })}</span>
      </button>
    </li>
  );
}

/** Whom the view of the speaker shows, or nobody in other views. */
function useSpotlight(members: readonly Member[], speaking: readonly string[], on: boolean): string | null {
  const last = useRef<Spotlight>(nobody);
  const [moment, look] = useReducer((count: number) => count + 1, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it turns when time has passed, too
  const shown = useMemo(() => {
    if (!on) return nobody;
    const others = members.filter(({ self }) => !self).map(({ identity }) => identity);
    last.current = spotlight(last.current, speaking, others, performance.now());
    return last.current;
  }, [members, speaking, on, moment]);
  useEffect(() => {
    if (shown.next === null) return;
    const timer = setTimeout(look, TURN_AFTER_MS + 50);
    return () => clearTimeout(timer);
  }, [shown]);
  return shown.identity;
}

/** Who has a tile, in order, and who has none. */
function useChosen(
  room: CallRoom,
  members: readonly Member[],
  holds: number,
  speaking: readonly string[],
): { shown: readonly Member[]; more: readonly Member[] } {
  const before = useRef<readonly string[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: who spoke last is read when somebody speaks
  return useMemo(() => {
    const candidates = members.map(({ identity, self, camera }) => ({
      identity,
      self,
      spokeAt: room.speakers.spokeAt.get(identity) ?? 0,
      camera: camera !== null,
    }));
    const { shown } = choose(candidates, holds, before.current);
    before.current = shown;
    const byIdentity = new Map(members.map((member) => [member.identity, member]));
    return {
      shown: shown.flatMap((identity) => byIdentity.get(identity) ?? []),
      more: members.filter(({ identity }) => !shown.includes(identity)),
    };
  }, [room, members, holds, speaking]);
}
