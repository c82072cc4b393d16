import { useNavigate } from "@tanstack/react-router";
import { type ReactElement, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PersonCard } from "#/core/api/schema";
import { useMe } from "#/core/session/useMe";
import { face, fullName } from "#/people/names";
import { usePersonAbout } from "#/people/PersonLine";
import { answers } from "#/people/picker/ranked";
import { useFound } from "#/people/picker/useFound";
import { usePresence } from "#/people/usePresence";
import { useReach } from "#/people/useReach";
import { DirectPicture, LabelMark } from "#/spaces/list/SpaceList";
import { useOpensDirects } from "#/spaces/refusal/useOpensDirects";
import { useSpaceLists } from "#/spaces/useSpaces";
import { Kbd } from "#/ui/control/Kbd";
import { useCombobox } from "#/ui/control/useCombobox";
import { IconHash, IconMagnifyingGlass } from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { SpaceSquare } from "#/ui/identity/SpaceSquare";
import { UnreadMark } from "#/ui/text/Marks";
import { Matched } from "#/ui/text/Matched";
import styles from "./Palette.module.css";
import { foundPlaces, type Place, placesOf } from "./places";
import { useActions } from "./useActions";

const PLACES = 7;
const PEOPLE = 6;

type Choice = { readonly id: string; readonly row: ReactNode; readonly run: () => void };
type Group = { readonly name: string; readonly choices: readonly Choice[] };

/** « Aller à… »: spaces, channels, people and what one can do, by the beginnings of their words. */
export function Palette({ onClose }: { onClose: () => void }): ReactElement {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const field = useRef<HTMLInputElement>(null);
  // It comes after the layer in which it stands, which looked for a field to focus before there was one.
  useEffect(() => field.current?.focus(), []);
  const groups = useGroups(query);
  const choices = groups.flatMap((group) => group.choices);
  const choose = (index: number): void => {
    const choice = choices[index];
    if (!choice) return;
    onClose();
    choice.run();
  };
  const combobox = useCombobox({
    count: choices.length,
    query,
    opened: true,
    // It is open as long as the palette is.
    onOpen: (opened) => {
      if (!opened) onClose();
    },
    onChoose: choose,
    eager: true,
  });
  let index = -1;
  return (
    <>
      <div className={styles.field}>
        <IconMagnifyingGlass size={20} />
        <input
          {...combobox.input}
          ref={field}
          className={styles.input}
          aria-label={t("palette.label")}
          placeholder={t("palette.placeholder")}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDownCapture={combobox.onKey}
          data-autofocus
        />
        <Kbd name="escape" />
      </div>
      <div className={styles.scroll}>
        {choices.length === 0 && (
          <p className={styles.nothing}>{t("list.nothing", { wanted: query.trim() })}</p>
        )}
        <div id={combobox.listId} role="listbox" aria-label={t("palette.label")}>
          {groups.map((group) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of a listbox, which a fieldset cannot be
            <div key={group.name} role="group" aria-label={group.name}>
              <p className={styles.group} aria-hidden="true">
                {group.name}
              </p>
              {group.choices.map((choice) => {
                index += 1;
                const own = index;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the focus stays in the field, which has the keys
                  <div
                    key={choice.id}
                    id={combobox.optionId(own)}
                    role="option"
                    tabIndex={-1}
                    aria-selected={own === combobox.active}
                    className={styles.option}
                    data-active={own === combobox.active || undefined}
                    onPointerMove={() => {
                      if (own !== combobox.active) combobox.setActive(own);
                    }}
                    onMouseDown={(event) => event.preventDefault()}
                    onClick={() => choose(own)}
                  >
                    {choice.row}
                    {own === combobox.active && (
                      <span className={styles.enter} aria-hidden="true">
                        <Kbd name="enter" />
                      </span>
                    )}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
      </div>
      <footer className={styles.foot} aria-hidden="true">
        <Kbd name="↑" /> <Kbd name="↓" /> {t("palette.choose")}
      </footer>
    </>
  );
}

function useGroups(query: string): readonly Group[] {
  const { t } = useTranslation();
  const typed = query.trim();
  const navigate = useNavigate();
  const { reach } = useReach();
  const { spaces, directs } = useSpaceLists();
  const places = useMemo(() => placesOf([...spaces, ...directs]), [spaces, directs]);
  const found = useFound(query);
  const actions = useActions();

  const go = ({ row, channelId }: Place): void => {
    const params = { spaceId: row.id };
    if (channelId === null) void navigate({ to: "/spaces/$spaceId", params });
    else void navigate({ to: "/spaces/$spaceId/chat/$channelId", params: { ...params, channelId } });
  };
  const shown = foundPlaces(places, typed, PLACES);
  // Whom one already has a conversation with stands among the places.
  const known = new Set(shown.flatMap(({ row }) => (row.others.length === 1 ? [row.others[0]?.id] : [])));
  const mayWrite = useOpensDirects();
  const people =
    typed === "" || !mayWrite ? [] : found.people.filter(({ id }) => !known.has(id)).slice(0, PEOPLE);
  const groups: Group[] = [
    {
      name: t(typed === "" ? "palette.recent" : "palette.places"),
      choices: shown.map((place) => ({
        id: place.id,
        row: <PlaceRow place={place} wanted={typed} />,
        run: () => go(place),
      })),
    },
    {
      name: t("palette.write"),
      choices: people.map((person) => ({
        id: person.id,
        row: <PersonRow person={person} wanted={typed} />,
        run: () => reach(person.id, "write"),
      })),
    },
    {
      name: t("palette.actions"),
      choices: actions
        .filter(({ name, also, first }) => (typed === "" ? first : answers(`${name} ${also}`, typed)))
        .map((action) => ({
          id: action.id,
          row: (
            <>
              <span className={styles.picture}>
                <action.icon size={20} />
              </span>
              <span className={styles.name}>
                <Matched text={action.name} wanted={typed} />
              </span>
              {action.keys && (
                <span className={styles.keys} aria-hidden="true">
                  {action.keys.map((key) => (
                    <Kbd key={key} name={key} />
                  ))}
                </span>
              )}
            </>
          ),
          run: action.run,
        })),
    },
  ];
  return groups.filter(({ choices }) => choices.length > 0);
}

function PlaceRow({ place, wanted }: { place: Place; wanted: string }): ReactElement {
  const { t } = useTranslation();
  const { row, channelId } = place;
  const { kind } = row.own.space;
  const me = useMe().profile.card.id;
  const notes = kind === "direct" && row.others.every(({ id }) => id === me);
  return (
    <>
      <span className={styles.picture}>
        {channelId !== null ? (
          <IconHash size={20} />
        ) : kind === "direct" ? (
          <DirectPicture row={row} size={28} />
        ) : (
          <SpaceSquare id={row.id} size={28} />
        )}
      </span>
      <span className={styles.name}>
        <Matched text={place.name} wanted={wanted} />
      </span>
      {channelId === null && <LabelMark row={row} />}
      <span className={styles.about}>
        {channelId === null ? (
          t(`palette.kind.${notes ? "notes" : kind}`)
        ) : (
          <Matched text={row.name} wanted={wanted} />
        )}
      </span>
      <UnreadMark count={place.unread} />
    </>
  );
}

function PersonRow({ person, wanted }: { person: PersonCard; wanted: string }): ReactElement {
  const about = usePersonAbout(person);
  return (
    <>
      <span className={styles.picture}>
        <Avatar person={face(person)} size={28} presence={usePresence(person.id)} />
      </span>
      <span className={styles.name}>
        <Matched text={fullName(person)} wanted={wanted} />
      </span>
      <span className={styles.about}>
        <Matched text={about} wanted={wanted} />
      </span>
    </>
  );
}
