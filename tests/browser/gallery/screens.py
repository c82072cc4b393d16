"""Every screen of the window in the states that matter. web/src/app/routes.tsx says which paths there are."""

from uuid import UUID

from tests.browser.gallery.acts import (
    choose,
    click,
    down,
    fill,
    hover,
    keys,
    offline,
    press,
    says,
    scroll,
    shows,
    unanswered,
    wait,
    with_device,
    write,
)
from tests.browser.gallery.visit import Screen, Season, Who

WIDE, TABLET, PHONE = 1440, 820, 390
NOWHERE = str(UUID(int=0x018F_0000_0000_7000_8000_0000_0000_0000))
FEED, DIALOG, ALERT, ASIDE, MENU = (
    "[role=feed] article",
    "[role=dialog]",
    "[role=alert]",
    "aside",
    "[role=menu]",
)
FILE = "main li button, main [role=listitem] button"
BAR = "[role=toolbar]"
PLAN, EMPTY, LONG, SHARED = "/spaces/{plan}", "/spaces/{empty}", "/spaces/{long}", "/spaces/{shared}"
TALK = f"{PLAN}/chat/{{plan_chat}}"

_ACCOUNT = (
    fill("guests.admin.search", "Ousmane"),
    press("guests.admin.menuOf", name="Ousmane Diarra"),
    shows(MENU),
)

_DOOR = (
    Screen("sign-in", "/sign-in", "form", Who.NOBODY),
    Screen(
        "sign-in-missing", "/sign-in", "form", Who.NOBODY, then=(press("app.signIn.submit"),), daily=False
    ),
    Screen(
        "sign-in-wrong",
        "/sign-in",
        "form",
        Who.NOBODY,
        then=(
            fill("app.signIn.address", "personne@haute-vezelle.example"),
            write("input[type=password]", "ce n’est pas cela"),
            press("app.signIn.submit"),
            shows(ALERT),
        ),
        daily=False,
    ),
    Screen(
        "sign-in-recovery", "/sign-in", "form", Who.NOBODY, then=(press("app.signIn.useCode"),), daily=False
    ),
    Screen("invitation-agent", "/invitation#{agent_link}", "form", Who.NOBODY, daily=False),
    Screen("invitation-guest", "/invitation#{guest_link}", "form", Who.NOBODY),
    Screen("invitation-known-long", "/invitation#{known_link}", "form", Who.NOBODY, daily=False),
    Screen("invitation-long", "/invitation#{long_link}", "form", Who.NOBODY, daily=False),
    Screen("invitation-ended", "/invitation#" + "0" * 64, "h1", Who.NOBODY, daily=False),
    Screen("reset", "/reset#{reset_link}", "form", Who.NOBODY, daily=False),
    Screen("reset-over", "/reset#" + "0" * 64, "h1", Who.NOBODY, daily=False),
    Screen("first-spent", "/first#" + "0" * 64, "h1", Who.NOBODY, daily=False),
)

_HOUSE = (
    Screen("place", "/"),
    Screen("place-menu", "/", then=(press("app.menu.open"), shows(MENU)), widths=(WIDE, TABLET), daily=False),
    Screen(
        "place-menu-worded",
        "/",
        then=(press("app.menu.openWorded"), shows(MENU)),
        widths=(PHONE,),
        daily=False,
    ),
    Screen("place-first-day", "/", who=Who.NEWCOMER),
    Screen("place-long", "/", who=Who.LONG),
    Screen("palette", "/", then=(keys("Control+k"), shows("[role=option]")), daily=False),
    Screen(
        "palette-long",
        "/",
        who=Who.LONG,
        then=(keys("Control+k"), write("[role=combobox]", "comité"), shows("[role=option]"), wait(0.3)),
    ),
    Screen("shortcuts", "/", then=(keys("?"), shows(DIALOG)), daily=False),
    Screen("list-drawer", "/", then=(press("app.list.short"), wait(0.2)), widths=(TABLET,), daily=False),
    Screen("unreachable", "/", "main", before=(unanswered("**/api/snapshot*"),), daily=False),
    Screen("spaces", "/spaces"),
    Screen("spaces-long", "/spaces", who=Who.LONG, daily=False),
    Screen("spaces-newcomer", "/spaces", who=Who.NEWCOMER, daily=False),
    Screen(
        "spaces-none",
        "/spaces",
        then=(write("main input[type=search]", "zzzz"), says("spaces.discover.noneNamed")),
        daily=False,
    ),
    Screen("new-space", "/spaces/new"),
    Screen("new-space-missing", "/spaces/new", then=(press("spaces.new.create"), wait(0.1)), daily=False),
    Screen(
        "new-space-guided",
        "/spaces/new",
        then=(click("main label:has(input[type=checkbox]) >> nth=2"), wait(0.2), down),
    ),
    Screen(
        "new-space-refused",
        "/spaces/new",
        then=(
            click("main label:has(input[type=checkbox]) >> nth=2"),
            press("spaces.new.freely", "radio"),
            wait(0.2),
            down,
        ),
    ),
    Screen("new-direct", "/directs/new", daily=False),
    Screen(
        "new-direct-found",
        "/directs/new",
        then=(write("main [role=combobox]", "mar"), shows("[role=option]")),
        daily=False,
    ),
    Screen("people", "/people"),
    Screen(
        "people-none",
        "/people",
        then=(write("main input[type=search]", "zzzz"), says("people.directory.none")),
        daily=False,
    ),
    Screen("people-long", "/people?person={long_person}", "aside h2, aside h3"),
    Screen(
        "people-failed",
        "/people",
        before=(unanswered("**/api/people?*"),),
        then=(says("errors.network.title", 20),),
        daily=False,
    ),
    Screen("me", "/me"),
    Screen("me-long", "/me", who=Who.LONG, daily=False),
    Screen("me-passkeys", "/me#passkeys", "#passkeys", then=(scroll("#passkeys"),), daily=False),
    Screen(
        "me-passkey-codes",
        "/me#passkeys",
        "#passkeys",
        who=Who.LONG,
        before=(with_device,),
        then=(press("people.passkeys.add"), shows(DIALOG)),
        daily=False,
    ),
    Screen(
        "me-passkey-kept",
        "/me#passkeys",
        "#passkeys",
        who=Who.LONG,
        before=(with_device,),
        then=(press("people.passkeys.add"), press("people.passkeys.codes.kept"), scroll("#passkeys")),
        daily=False,
    ),
    Screen("not-found", "/nowhere"),
    Screen("no-such-space", f"/spaces/{NOWHERE}", daily=False),
)

_RULE = (
    Screen("rule", "/rule", "main h2"),
    Screen("rule-agent", "/rule", "main h2", who=Who.AGENT, daily=False),
    *(
        Screen(
            f"rule-{what}",
            "/rule",
            "main h2",
            who=Who.OFFICE,
            then=(click(f"main section:has(h2) >> nth={number} >> button >> nth=0"), shows(DIALOG)),
            daily=False,
        )
        for number, what in ((1, "hosting"), (2, "reading"), (3, "approval"))
    ),
    *(
        Screen(f"label-{label}", f"/labels/{label}", daily=False)
        for label in ("public", "internal", "sensitive", "restricted")
    ),
    Screen("label-unknown", "/labels/secret", "main", daily=False),
    Screen("administration", "/administration", "main h2", who=Who.OFFICE, daily=False),
    Screen("administration-people", "/administration/people", "main h2", who=Who.OFFICE),
    Screen("administration-spaces", "/administration/spaces", "main li", who=Who.OFFICE),
    Screen("administration-hosting", "/administration/hosting", "main h2", who=Who.OFFICE, daily=False),
    Screen("administration-closed", "/administration/people", "main h2"),
    Screen("administration-closed-audit", "/administration/audit", "main h2", daily=False),
    Screen(
        "administration-enter",
        "/administration/people",
        "main h2",
        then=(press("administration.open"), shows(DIALOG)),
        daily=False,
    ),
    Screen(
        "administration-spaces-not-yours", "/administration/spaces", "main h1", who=Who.AGENT, daily=False
    ),
    Screen(
        "administration-invite",
        "/administration/people",
        "main h2",
        who=Who.OFFICE,
        then=(press("guests.admin.invite"), shows(DIALOG)),
        daily=False,
    ),
    Screen(
        "administration-invite-missing",
        "/administration/people",
        "main h2",
        who=Who.OFFICE,
        then=(press("guests.admin.invite"), press("guests.panel.submit"), wait(0.1)),
        daily=False,
    ),
    Screen(
        "administration-import",
        "/administration/people",
        "main h2",
        who=Who.OFFICE,
        then=(press("guests.admin.import"), shows(DIALOG)),
        daily=False,
    ),
    Screen(
        "administration-import-wrong",
        "/administration/people",
        "main h2",
        who=Who.OFFICE,
        then=(
            press("guests.admin.import"),
            choose("wrong-list", "guests.import.choose"),
            shows("[role=dialog] table"),
        ),
        daily=False,
    ),
    Screen(
        "administration-import-good",
        "/administration/people",
        "main h2",
        who=Who.OFFICE,
        then=(
            press("guests.admin.import"),
            choose("good-list", "guests.import.choose"),
            shows("[role=dialog] ul"),
        ),
        daily=False,
    ),
    Screen(
        "administration-account",
        "/administration/people",
        "main h2",
        who=Who.OFFICE,
        then=_ACCOUNT,
        daily=False,
    ),
    Screen(
        "administration-appoint",
        "/administration/people",
        "main h2",
        who=Who.OFFICE,
        then=(*_ACCOUNT, press("guests.admin.step.appoint.menu", "menuitem"), shows(DIALOG)),
        daily=False,
    ),
    Screen(
        "administration-suspend",
        "/administration/people",
        "main h2",
        who=Who.OFFICE,
        then=(*_ACCOUNT, press("guests.admin.step.suspend.menu", "menuitem"), shows(DIALOG)),
        daily=False,
    ),
    Screen("administration-not-yours", "/administration/people", "main h1", who=Who.AGENT, daily=False),
    Screen("audit", "/administration/audit", "main li", who=Who.OFFICE),
    Screen(
        "audit-refused",
        "/administration/audit?outcome=refused",
        "main",
        who=Who.OFFICE,
        then=(wait(0.4),),
        daily=False,
    ),
    Screen("audit-not-yours", "/administration/audit", "main h1", who=Who.AGENT, daily=False),
)

_TALK = (
    Screen("channel", TALK, FEED),
    Screen("channel-message", TALK, FEED, then=(hover(f"{FEED} >> nth=-2"), wait(0.1)), widths=(WIDE,)),
    Screen("channel-settings", TALK, FEED, then=(press("chat.channel.menu"), shows(MENU)), daily=False),
    Screen("channel-files", f"{PLAN}/chat/{{plan_watch}}", FEED, then=(wait(0.5),), daily=False),
    Screen(
        "channel-new",
        TALK,
        FEED,
        then=(press("chat.channel.newIn"), shows(DIALOG)),
        widths=(WIDE,),
    ),
    Screen("channel-reader", TALK, FEED, who=Who.READER, daily=False),
    Screen("channel-empty", f"{EMPTY}/chat/{{empty_chat}}", "textarea"),
    Screen("channel-long", f"{LONG}/chat/{{long_chat}}", FEED),
    Screen(
        "channel-attached",
        f"{LONG}/chat/{{long_chat}}",
        "textarea",
        who=Who.LONG,
        then=(choose("document", "chat.compose.attach"), wait(1)),
        daily=False,
    ),
    Screen(
        "channel-failed",
        TALK,
        "main",
        before=(unanswered("**/api/channels/**"),),
        then=(says("chat.list.failed", 20),),
        daily=False,
    ),
    Screen("channel-offline", TALK, FEED, then=(offline, says("ui.offline.since"))),
    Screen("channel-guest", f"{SHARED}/chat/{{shared_chat}}", "textarea", who=Who.GUEST, daily=False),
    Screen("direct-long", "/spaces/{long_direct}", "textarea", daily=False),
    Screen("restricted-withheld", "/spaces/{crisis}", "main h2", daily=False),
)

_TOOLS = (
    Screen("files", f"{PLAN}/files", FILE),
    Screen("files-empty", f"{EMPTY}/files", "main h2"),
    Screen("files-long", f"{LONG}/files", FILE),
    Screen("files-details", f"{PLAN}/files", FILE, then=(click(FILE), shows(ASIDE), wait(0.4)), daily=False),
    Screen(
        "files-details-long",
        f"{LONG}/files",
        FILE,
        then=(click(FILE), shows(ASIDE)),
        daily=False,
    ),
    Screen("files-reader", f"{PLAN}/files", FILE, who=Who.READER, daily=False),
    Screen(
        "files-failed",
        f"{PLAN}/files",
        "main",
        before=(unanswered("**/files?*"),),
        then=(says("errors.network.title", 20),),
        daily=False,
    ),
    Screen("members", f"{PLAN}/members", "[data-person]"),
    Screen("members-long", f"{LONG}/members", "[data-person]", who=Who.LONG),
    Screen("members-person", f"{PLAN}/members?person={{ousmane}}", "aside h2, aside h3", daily=False),
    Screen(
        "members-menu",
        f"{LONG}/members",
        "[data-person]",
        then=(press("spaces.members.roleOf"), shows(MENU)),
        daily=False,
    ),
    Screen("members-add", f"{PLAN}/members?add=true", f"{ASIDE} [role=combobox]", daily=False),
    Screen(
        "members-refused",
        f"{PLAN}/members?add=true",
        f"{ASIDE} [role=combobox]",
        then=(write(f"{ASIDE} [role=combobox]", "j.vasseur@hydro-conseil.example"), shows(ALERT)),
        daily=False,
    ),
    Screen("members-guests", f"{SHARED}/members?guests=true", f"{ASIDE} li", daily=False),
    Screen(
        "members-guests-missing",
        f"{SHARED}/members?guests=true",
        f"{ASIDE} li",
        then=(press("guests.panel.submit"), wait(0.1)),
        daily=False,
    ),
    Screen("members-guest", f"{SHARED}/members", "[data-person]", who=Who.GUEST, daily=False),
    Screen("settings", f"{PLAN}/settings", "main h2"),
    Screen("settings-long", f"{LONG}/settings", "main h2", who=Who.LONG),
    Screen("settings-end", f"{LONG}/settings", "main h2", who=Who.LONG, then=(down,), daily=False),
    Screen("rule-end", "/rule", "main h2", then=(down,), daily=False),
    Screen("me-end", "/me", then=(down,), daily=False),
    Screen("new-space-end", "/spaces/new", then=(down,), daily=False),
    Screen("settings-raise", f"{SHARED}/settings", "main h2", then=(press("labels.raise"), wait(0.5), down)),
    Screen(
        "settings-lower",
        f"{EMPTY}/settings",
        "main h2",
        then=(press("labels.lower"), wait(0.3), down),
        daily=False,
    ),
    Screen(
        "settings-proposed",
        "/spaces/{proposed}/settings",
        "main h2",
        who=Who.AGENT,
        then=(down,),
        daily=False,
    ),
    Screen(
        "settings-leave",
        f"{LONG}/settings",
        "main h2",
        daily=False,
        then=(press("spaces.leave.action"), shows(DIALOG)),
    ),
    Screen("settings-reader", f"{PLAN}/settings", "main", who=Who.READER, then=(wait(0.3),), daily=False),
)

_GUEST = (
    Screen("guest-place", "/", who=Who.GUEST, daily=False),
    Screen("guest-spaces", "/spaces", who=Who.GUEST, daily=False),
    Screen("guest-people", "/people", "main", who=Who.GUEST, then=(wait(0.2),), daily=False),
    Screen("guest-new-space", "/spaces/new", "main", who=Who.GUEST, then=(wait(0.2),), daily=False),
    Screen("guest-me", "/me", who=Who.GUEST, daily=False),
)

_CALL = (
    Screen("lobby", "/call/{empty}", "main, h1, h2"),
    Screen("lobby-long", "/call/{long}", "main, h1, h2", who=Who.LONG, daily=False),
    Screen("lobby-reader", "/call/{plan}", "main, h1, h2", who=Who.READER, daily=False),
    Screen(
        "call-alone",
        "/call/{empty}",
        "main, h1, h2",
        then=(press("meet.lobby.start"), shows(BAR), wait(1)),
        daily=False,
    ),
    Screen("call-place", "/", season=Season.CALL, daily=False),
    Screen("call-channel", TALK, FEED, season=Season.CALL, daily=False),
    Screen("call-lobby", "/call/{plan}", "main, h1, h2", season=Season.CALL, then=(wait(0.5),), daily=False),
    Screen(
        "call",
        "/call/{plan}",
        "main, h1, h2",
        season=Season.CALL,
        then=(press("meet.lobby.join"), shows(f"{BAR}, video"), wait(3)),
        daily=False,
    ),
    Screen(
        "call-people",
        "/call/{plan}",
        "main, h1, h2",
        season=Season.CALL,
        then=(press("meet.lobby.join"), shows(BAR), keys("l"), wait(2)),
        daily=False,
    ),
    Screen(
        "call-talk",
        "/call/{plan}",
        "main, h1, h2",
        season=Season.CALL,
        then=(press("meet.lobby.join"), shows(BAR), press("meet.bar.chat"), wait(2)),
        daily=False,
    ),
)

_SEASONS = (
    Screen("read-only-channel", TALK, FEED, who=Who.AGENT, season=Season.READ_ONLY, daily=False),
    Screen("read-only-place", "/", season=Season.READ_ONLY, daily=False),
    Screen("read-only-rule", "/rule", "main h2", season=Season.READ_ONLY, daily=False),
    Screen("closed-channel", PLAN, "main h2", who=Who.AGENT, season=Season.CLOSED, daily=False),
    Screen("closed-administrator", PLAN, "main h2", season=Season.CLOSED, daily=False),
    Screen("closed-place", "/", season=Season.CLOSED, daily=False),
    Screen("closed-new-space", "/spaces/new", season=Season.CLOSED, daily=False),
    Screen("closed-rule", "/rule", "main h2", season=Season.CLOSED, daily=False),
    Screen("first", "/first#{first_link}", "form", Who.NOBODY, season=Season.EMPTY, daily=False),
    Screen(
        "first-missing",
        "/first#{first_link}",
        "form",
        Who.NOBODY,
        then=(press("app.first.submit"), wait(0.1)),
        season=Season.EMPTY,
        daily=False,
    ),
    Screen("founded-place", "/", season=Season.FOUNDED, daily=False),
    Screen("founded-spaces", "/spaces", season=Season.FOUNDED, daily=False),
    Screen("founded-new-space", "/spaces/new", season=Season.FOUNDED, daily=False),
    Screen("founded-rule", "/rule", "main h2", season=Season.FOUNDED, daily=False),
    Screen(
        "founded-people",
        "/administration/people",
        "main h2",
        who=Who.OFFICE,
        season=Season.FOUNDED,
        daily=False,
    ),
)

SCREENS = (*_DOOR, *_HOUSE, *_RULE, *_TALK, *_TOOLS, *_GUEST, *_CALL, *_SEASONS)
