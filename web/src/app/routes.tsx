import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { soughtIn } from "#/audit/sought";
import { openHouse } from "#/core/journal/live";
import { whoAmI } from "#/core/session/session";
import { ownPath } from "./ownPath";
import { Crash } from "./pages/Crash";
import { Opening } from "./pages/Opening";
import { Unknown } from "./pages/Unknown";

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createHouseRouter>;
  }
  interface StaticDataRouteOption {
    /** On a phone, the bar at the foot gives way to what one does on the page. */
    hidesBar?: boolean;
  }
}

/** The frame with its list and menus: the sign-in page does without them. */
export const loadLayout = (): Promise<typeof import("./pages/HouseLayout")> => import("./pages/HouseLayout");

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => <Unknown />,
  errorComponent: Crash,
});

type Shown = { person?: unknown };

/** Whose page is open at the side: in the address, so that going back closes it. */
const shownPerson = ({ person }: Shown): { person?: string } =>
  typeof person === "string" ? { person } : {};

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: { from?: unknown }): { from?: string } => {
    const from = ownPath(search.from);
    return from ? { from } : {};
  },
  beforeLoad: async ({ search }) => {
    // When the server does not answer, the form shows, and says so when it is sent.
    const session = await whoAmI().catch(() => null);
    if (session?.state === "in") throw redirect({ href: search.from ?? "/" });
  },
  component: lazyRouteComponent(() => import("./pages/SignIn"), "SignIn"),
});

/** An empty house, by its one-time link: `/first#token`. */
const first = createRoute({
  getParentRoute: () => root,
  path: "/first",
  component: lazyRouteComponent(() => import("./pages/First"), "First"),
});

/** The pages behind the door. */
const pages = {
  place: () => import("./pages/Place"),
  spacesPage: () => import("#/spaces/SpacesPage"),
  newSpacePage: () => import("#/spaces/NewSpacePage"),
  newDirectPage: () => import("#/spaces/NewDirectPage"),
  spaceLayout: () => import("#/spaces/SpaceLayout"),
  spaceIndex: () => import("#/spaces/SpaceIndex"),
  chatPage: () => import("#/chat/ChatPage"),
  filesPage: () => import("#/files/FilesPage"),
  membersPage: () => import("#/spaces/MembersPage"),
  settingsPage: () => import("#/spaces/SettingsPage"),
  directoryPage: () => import("#/people/DirectoryPage"),
  mePage: () => import("#/people/MePage"),
  callPage: () => import("#/meet/CallPage"),
};

/**
 * Fetches the pages one may go to next, one after the other: on a slow line each is there when it is wanted, and not a
 * blank sheet. What fails here is asked for again when somebody goes there.
 */
export async function fetchPages(): Promise<void> {
  for (const page of Object.values(pages)) await page().catch(() => undefined);
}

/** Who was invited, by their one-time link: `/invitation#token`. */
const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(() => import("#/guests/InvitationPage"), "InvitationPage"),
});

/** Who forgot their password, by their one-time link: `/reset#token`. */
const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  component: lazyRouteComponent(() => import("#/people/password/ResetPage"), "ResetPage"),
});

/** Everything that needs a session: it opens the house before any page shows. */
const house = createRoute({
  getParentRoute: () => root,
  id: "house",
  beforeLoad: async ({ location }) => {
    const session = await whoAmI();
    if (session.state !== "in") {
      throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { from: location.href } });
    }
    await openHouse(session.me.profile.card.id);
  },
  component: lazyRouteComponent(loadLayout, "HouseLayout"),
  pendingComponent: Opening,
  errorComponent: Crash,
});

const place = createRoute({
  getParentRoute: () => house,
  path: "/",
  component: lazyRouteComponent(pages.place, "Place"),
});

const spaces = createRoute({
  getParentRoute: () => house,
  path: "/spaces",
  component: lazyRouteComponent(pages.spacesPage, "SpacesPage"),
});

const newSpace = createRoute({
  getParentRoute: () => house,
  path: "/spaces/new",
  component: lazyRouteComponent(pages.newSpacePage, "NewSpacePage"),
});

const newDirect = createRoute({
  getParentRoute: () => house,
  path: "/directs/new",
  component: lazyRouteComponent(pages.newDirectPage, "NewDirectPage"),
});

const space = createRoute({
  getParentRoute: () => house,
  path: "/spaces/$spaceId",
  staticData: { hidesBar: true },
  component: lazyRouteComponent(pages.spaceLayout, "SpaceLayout"),
});

const spaceIndex = createRoute({
  getParentRoute: () => space,
  path: "/",
  component: lazyRouteComponent(pages.spaceIndex, "SpaceIndex"),
});

const channel = createRoute({
  getParentRoute: () => space,
  path: "/chat/$channelId",
  // A link to a message names it by its place in the channel.
  validateSearch: (search: { message?: unknown }): { message?: number } => {
    const message = Number(search.message);
    return Number.isSafeInteger(message) && message > 0 ? { message } : {};
  },
  component: lazyRouteComponent(pages.chatPage, "ChatPage"),
});

const files = createRoute({
  getParentRoute: () => space,
  path: "/files",
  component: lazyRouteComponent(pages.filesPage, "FilesPage"),
});

const members = createRoute({
  getParentRoute: () => space,
  path: "/members",
  validateSearch: (
    search: Shown & { add?: unknown; guests?: unknown },
  ): { person?: string; add?: true; guests?: true } => ({
    ...shownPerson(search),
    ...(search.add === true && { add: true }),
    ...(search.guests === true && { guests: true }),
  }),
  component: lazyRouteComponent(pages.membersPage, "MembersPage"),
});

const settings = createRoute({
  getParentRoute: () => space,
  path: "/settings",
  component: lazyRouteComponent(pages.settingsPage, "SettingsPage"),
});

const people = createRoute({
  getParentRoute: () => house,
  path: "/people",
  validateSearch: shownPerson,
  component: lazyRouteComponent(pages.directoryPage, "DirectoryPage"),
});

const me = createRoute({
  getParentRoute: () => house,
  path: "/me",
  component: lazyRouteComponent(pages.mePage, "MePage"),
});

const rule = createRoute({
  getParentRoute: () => house,
  path: "/rule",
  component: lazyRouteComponent(() => import("#/hosting/RulePage"), "RulePage"),
});

/** The pages of who holds an office. */
const administration = createRoute({
  getParentRoute: () => house,
  path: "/administration",
  component: lazyRouteComponent(
    () => import("#/administration/AdministrationLayout"),
    "AdministrationLayout",
  ),
});

const administrationIndex = createRoute({
  getParentRoute: () => administration,
  path: "/",
  beforeLoad: async () => {
    const session = await whoAmI();
    const manages = session.state !== "in" || session.me.abilities.includes("people:agent:invite");
    throw redirect({ to: manages ? "/administration/people" : "/administration/audit" });
  },
});

const administeredSpaces = createRoute({
  getParentRoute: () => administration,
  path: "/spaces",
  component: lazyRouteComponent(() => import("#/administration/SpacesPage"), "SpacesPage"),
});

const administeredHosting = createRoute({
  getParentRoute: () => administration,
  path: "/hosting",
  component: lazyRouteComponent(() => import("#/hosting/RulePage"), "RulePage"),
});

const administeredPeople = createRoute({
  getParentRoute: () => administration,
  path: "/people",
  component: lazyRouteComponent(() => import("#/administration/PeoplePage"), "PeoplePage"),
});

const label = createRoute({
  getParentRoute: () => house,
  path: "/labels/$label",
  component: lazyRouteComponent(() => import("#/hosting/LabelPage"), "LabelPage"),
});

/** What is looked for in the audit stands in the address. */
const audit = createRoute({
  getParentRoute: () => administration,
  path: "/audit",
  validateSearch: soughtIn,
  component: lazyRouteComponent(() => import("#/audit/AuditPage"), "AuditPage"),
});

/** Whoever is signed in keeps the way back at hand, whatever the address. */
const unknown = createRoute({
  getParentRoute: () => house,
  path: "/$",
  component: () => <Unknown inside />,
});

/** The call fills the window: no rail, no list. */
const callHouse = createRoute({
  getParentRoute: () => root,
  path: "/call/$spaceId",
  beforeLoad: async ({ location }) => {
    const session = await whoAmI();
    if (session.state !== "in") throw redirect({ to: "/sign-in", search: { from: location.href } });
    await openHouse(session.me.profile.card.id);
  },
  component: lazyRouteComponent(pages.callPage, "CallPage"),
  pendingComponent: Opening,
  errorComponent: Crash,
});

const tree = root.addChildren([
  signIn,
  first,
  invitation,
  reset,
  callHouse,
  house.addChildren([
    place,
    spaces,
    newSpace,
    newDirect,
    space.addChildren([spaceIndex, channel, files, members, settings]),
    people,
    me,
    rule,
    administration.addChildren([
      administrationIndex,
      administeredPeople,
      administeredSpaces,
      audit,
      administeredHosting,
    ]),
    label,
    unknown,
  ]),
]);

export function createHouseRouter() {
  return createRouter({
    routeTree: tree,
    defaultPreload: "intent",
    // A page that comes quickly comes without a sign of coming.
    defaultPendingMs: 150,
    defaultPendingMinMs: 200,
    scrollRestoration: false,
  });
}
