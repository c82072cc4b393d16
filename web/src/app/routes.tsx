import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { openHouse } from "#/core/journal/live";
import { whoAmI } from "#/core/session/session";
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

/** Only a path of our own may be gone back to after signing in. */
function ownPath(from: unknown): string | undefined {
  return typeof from === "string" && /^\/(?![/\\])/u.test(from) ? from : undefined;
}

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
  component: lazyRouteComponent(() => import("./pages/Place"), "Place"),
});

const spaces = createRoute({
  getParentRoute: () => house,
  path: "/spaces",
  component: lazyRouteComponent(() => import("#/spaces/SpacesPage"), "SpacesPage"),
});

const newSpace = createRoute({
  getParentRoute: () => house,
  path: "/spaces/new",
  component: lazyRouteComponent(() => import("#/spaces/NewSpacePage"), "NewSpacePage"),
});

const newDirect = createRoute({
  getParentRoute: () => house,
  path: "/directs/new",
  component: lazyRouteComponent(() => import("#/spaces/NewDirectPage"), "NewDirectPage"),
});

const space = createRoute({
  getParentRoute: () => house,
  path: "/spaces/$spaceId",
  staticData: { hidesBar: true },
  component: lazyRouteComponent(() => import("#/spaces/SpaceLayout"), "SpaceLayout"),
});

const spaceIndex = createRoute({
  getParentRoute: () => space,
  path: "/",
  component: lazyRouteComponent(() => import("#/spaces/SpaceIndex"), "SpaceIndex"),
});

const channel = createRoute({
  getParentRoute: () => space,
  path: "/chat/$channelId",
  // A link to a message names it by its place in the channel.
  validateSearch: (search: { message?: unknown }): { message?: number } => {
    const message = Number(search.message);
    return Number.isSafeInteger(message) && message > 0 ? { message } : {};
  },
  component: lazyRouteComponent(() => import("#/chat/ChatPage"), "ChatPage"),
});

const files = createRoute({
  getParentRoute: () => space,
  path: "/files",
  component: lazyRouteComponent(() => import("#/files/FilesPage"), "FilesPage"),
});

const members = createRoute({
  getParentRoute: () => space,
  path: "/members",
  validateSearch: (search: Shown & { add?: unknown }): { person?: string; add?: true } => ({
    ...shownPerson(search),
    ...(search.add === true && { add: true }),
  }),
  component: lazyRouteComponent(() => import("#/spaces/MembersPage"), "MembersPage"),
});

const settings = createRoute({
  getParentRoute: () => space,
  path: "/settings",
  component: lazyRouteComponent(() => import("#/spaces/SettingsPage"), "SettingsPage"),
});

const people = createRoute({
  getParentRoute: () => house,
  path: "/people",
  validateSearch: shownPerson,
  component: lazyRouteComponent(() => import("#/people/DirectoryPage"), "DirectoryPage"),
});

const me = createRoute({
  getParentRoute: () => house,
  path: "/me",
  component: lazyRouteComponent(() => import("#/people/MePage"), "MePage"),
});

const rule = createRoute({
  getParentRoute: () => house,
  path: "/rule",
  component: lazyRouteComponent(() => import("#/hosting/RulePage"), "RulePage"),
});

const label = createRoute({
  getParentRoute: () => house,
  path: "/labels/$label",
  component: lazyRouteComponent(() => import("#/hosting/LabelPage"), "LabelPage"),
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
  component: lazyRouteComponent(() => import("#/meet/CallPage"), "CallPage"),
  pendingComponent: Opening,
  errorComponent: Crash,
});

const tree = root.addChildren([
  signIn,
  first,
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
