"""Agents are invited by administrators of their own organisation, one by one or from a list."""

import asyncio
import contextlib
from datetime import timedelta

import msgspec
import pytest

from bastide.core.client import Client
from bastide.core.clock import HeldClock
from bastide.core.errors import Invalid, NotFound, Problem, Refused, WrongCredentials
from bastide.core.policy import Actor, ActorKind
from bastide.people import agent_list, key_store, store
from bastide.people.ceremony import Made
from bastide.people.errors import (
    AddressTaken,
    InvitationOver,
    InvitedAlready,
    ListWrong,
    OrganisationAddress,
)
from bastide.people.invited import ImportDone, ImportPreview, InvitationForm, Issued, NewInvitation
from bastide.people.model import ProfileChange, SignIn
from bastide.people.sessions import Opened
from bastide.spaces.model import OwnSpace
from tests.support.town import PASSWORD, Town, in_office

HERS = "six platanes au bord de l’eau"
NEW = NewInvitation("Camille.Roux@haute-vezelle.example", "Camille", "Roux", "Juriste", "Affaires juridiques")


async def invite(town: Town, new: NewInvitation = NEW) -> Issued:
    return await town.house.invitations.invite(await town.administrator(town.agathe), new)


async def accept(town: Town, token: str, password: str | None = HERS) -> Opened:
    form = InvitationForm(token, password)
    return await town.house.acceptance.accept(None, form, Client("192.0.2.7", "test"))


async def test_an_agent_is_invited_and_comes_in(town: Town) -> None:
    issued = await invite(town)
    book = await town.house.administration.book(await town.administrator(town.agathe))
    assert (book.agents, book.pending) == (3, 1)
    assert await town.house.people.search(town.yanis, "camille") == [], "nobody is there before they come"
    told = await town.house.acceptance.look(issued.token, address="192.0.2.7")
    assert (told.kind, told.email, told.destination, told.known) == (
        ActorKind.AGENT,
        "camille.roux@haute-vezelle.example",
        None,
        False,
    )
    opened = await accept(town, issued.token)
    assert (opened.actor.kind, opened.actor.organisation_id) == (ActorKind.AGENT, town.prefecture.id)
    assert not opened.actor.administrator
    profile = await town.house.people.profile(opened.actor, opened.actor.person_id)
    assert (profile.service, profile.card.function) == ("Affaires juridiques", "Juriste")
    again = await town.house.people.sign_in(SignIn(told.email, HERS), Client("192.0.2.7", "test"))
    assert again.actor.person_id == opened.actor.person_id
    with pytest.raises(InvitationOver):
        await accept(town, issued.token)


async def test_only_an_administrator_invites(town: Town) -> None:
    issued = await invite(town)
    invitations, administration = town.house.invitations, town.house.administration
    for actor, rule in (
        (town.yanis, "office"),
        (town.guest, "actor"),
        (in_office(town.guest), "actor"),
    ):
        for act in (
            invitations.invite(actor, NEW),
            invitations.pending(actor),
            invitations.renew(actor, issued.invitation.id),
            invitations.revoke(actor, issued.invitation.id),
            administration.book(actor),
            administration.preview(actor, b"x"),
            administration.import_agents(actor, b"x"),
        ):
            with pytest.raises(Refused) as refusal:
                await act
            assert refusal.value.rule == rule


async def test_another_organisations_administrator_has_nothing_to_do_with_it(town: Town) -> None:
    issued = await invite(town)
    theirs = await town.administrator(town.solene)
    for act in (town.house.invitations.renew, town.house.invitations.revoke):
        with pytest.raises(NotFound):
            await act(theirs, issued.invitation.id)
    assert (await town.house.invitations.pending(theirs)).invitations == []
    book = await town.house.administration.book(theirs)
    assert [line.card.id for line in book.people] == [town.solene.person_id]
    # A guest's invitation is no agent's: administrators do not reach into spaces.
    assert await accept(town, issued.token)


async def test_addresses_that_are_taken(town: Town) -> None:
    for email, error in (
        ("yanis.bouchareb@haute-vezelle.example", AddressTaken),
        ("solene.kerbrat@mobilites.example", AddressTaken),
        ("camille.roux@mobilites.example", OrganisationAddress),
        ("camille.roux@rives.mobilites.example", OrganisationAddress),
    ):
        with pytest.raises(error) as taken:
            await invite(town, msgspec.structs.replace(NEW, email=email))
        assert taken.value.field == "email"
    await invite(town)
    with pytest.raises(InvitedAlready):
        await invite(town)


async def test_two_organisations_invite_the_same_person(town: Town) -> None:
    """Who accepts first has an account; the other link then says so, and does nothing."""
    new = msgspec.structs.replace(NEW, email="camille.roux@cabinet.example")
    one = await invite(town, new)
    other = await town.house.invitations.invite(await town.administrator(town.solene), new)
    outcomes = await asyncio.gather(
        accept(town, one.token), accept(town, other.token), return_exceptions=True
    )
    assert sum(isinstance(o, Opened) for o in outcomes) == 1
    assert sum(isinstance(o, AddressTaken) for o in outcomes) == 1
    with pytest.raises(Problem):
        await accept(town, other.token)


async def test_it_is_renewed_withdrawn_and_runs_out(town: Town) -> None:
    clock = town.house.ground.clock
    assert isinstance(clock, HeldClock)
    first = await invite(town)
    second = await town.house.invitations.renew(await town.administrator(town.agathe), first.invitation.id)
    with pytest.raises(InvitationOver):
        await accept(town, first.token)
    clock.advance(timedelta(days=14))
    with pytest.raises(InvitationOver):
        await accept(town, second.token)
    third = await town.house.invitations.renew(await town.administrator(town.agathe), first.invitation.id)
    await town.house.invitations.revoke(await town.administrator(town.agathe), first.invitation.id)
    with pytest.raises(InvitationOver):
        await accept(town, third.token)
    clock.advance(timedelta(days=91))
    await town.house.invitations.forget()
    async with town.house.ground.database.read() as reader:
        assert await reader.value("select count(*) from invitation") == 0


async def test_a_link_is_good_once_also_for_many_at_once(town: Town) -> None:
    issued = await invite(town)
    outcomes = await asyncio.gather(*(accept(town, issued.token) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(o, Opened) for o in outcomes) == 1
    assert all(isinstance(o, Opened | InvitationOver | AddressTaken) for o in outcomes), outcomes


# Whose an address is.

JULIE = NewInvitation("julie.vasseur@haute-vezelle.example", "Julie", "Vasseur")


async def guest_of_before(town: Town) -> tuple[Actor, OwnSpace]:
    """Somebody who was a guest under an administration's address before that was its own, with a password and a passkey."""
    own = await town.space(town.agathe, name="Digues", readers=[town.guest])
    async with town.house.ground.database.transaction() as tx:
        hashed = await town.house.people.hashed(PASSWORD, [])
        await store.set_password(tx, town.guest.person_id, hashed, town.house.ground.clock.now())
        await tx.run(
            "update person set email = %(email)s where id = %(id)s",
            email=JULIE.email,
            id=town.guest.person_id,
        )
        made = Made(b"key", b"public", 0, False, False, [])
        now = town.house.ground.clock.now()
        await key_store.add_key(tx, town.house.ground.ids.new(), town.guest.person_id, made, "Clé", now)
        await key_store.replace_codes(tx, town.guest.person_id, [b"code"], now)
    return town.guest, own


async def test_an_agents_link_ends_the_guests_account_at_the_address(town: Town) -> None:
    """Whoever was a guest under it, perhaps somebody else, has nothing to do with who comes by the link."""
    guest, own = await guest_of_before(town)
    _, cookie = await town.open(guest.person_id)
    channel = await town.channel(town.agathe, own.space.id)
    issued = await invite(town, JULIE)
    told = await town.house.acceptance.look(issued.token, address="192.0.2.7")
    assert (told.known, told.replaces) == (False, True)
    assert await town.house.people.sessions.authenticate(cookie), "nothing ends before the link is taken"
    with pytest.raises(Invalid):
        await accept(town, issued.token, None)
    opened = await accept(town, issued.token)
    julie = opened.actor
    assert (julie.kind, julie.organisation_id) == (ActorKind.AGENT, town.prefecture.id)
    assert julie.person_id != guest.person_id
    assert await town.house.people.sessions.authenticate(cookie) is None
    for password, good in ((PASSWORD, False), (HERS, True)):
        signing = town.house.people.sign_in(SignIn(JULIE.email, password), Client("192.0.2.7", "test"))
        if good:
            assert (await signing).actor.person_id == julie.person_id
        else:
            with pytest.raises(WrongCredentials):
                await signing
    async with town.house.ground.database.read() as reader:
        for table in ("credential", "passkey", "recovery_code", "session", "guest_stay", "member"):
            left = f"select count(*) from {table} where person_id = %(id)s"
            assert await reader.value(left, id=guest.person_id) == 0, table  # pyright: ignore[reportArgumentType]
    with pytest.raises(NotFound):
        await town.house.spaces.own(julie, own.space.id)
    assert guest.person_id not in {
        m.person_id for m in await town.house.spaces.members(town.agathe, own.space.id)
    }
    assert "spaces.member.removed" in town.events(own.space.id)
    assert await town.house.guests.own_stays(julie) == []
    [card] = await town.house.people.cards(town.agathe, [guest.person_id])
    assert (card.given_name, card.family_name) == ("Julie", "Vasseur"), "what the guest wrote keeps its name"
    assert channel
    book = await town.house.administration.book(await town.administrator(town.agathe))
    assert [line.card.id for line in book.people if line.email == JULIE.email] == [julie.person_id]
    assert (await town.house.ground.audit.verify()).broken_at is None


async def test_two_links_for_one_guests_address(town: Town) -> None:
    await guest_of_before(town)
    new = msgspec.structs.replace(JULIE, email="julie.vasseur@cabinet.example")
    async with town.house.ground.database.transaction() as tx:
        await tx.run(
            "update person set email = %(e)s where id = %(id)s", e=new.email, id=town.guest.person_id
        )
    one = await invite(town, new)
    other = await town.house.invitations.invite(await town.administrator(town.solene), new)
    outcomes = await asyncio.gather(
        accept(town, one.token), accept(town, other.token), return_exceptions=True
    )
    assert sum(isinstance(o, Opened) for o in outcomes) == 1, outcomes
    assert sum(isinstance(o, AddressTaken) for o in outcomes) == 1, outcomes


async def test_a_list_names_a_guest_who_becomes_an_agent(town: Town) -> None:
    await guest_of_before(town)
    text = HEAD + f"{JULIE.email};Julie;Vasseur;;\ncamille@x.example;Camille;Roux;;\n"
    told = await preview(town, text)
    assert (told.fresh, told.guests, told.wrong_count) == (2, 1, 0)
    done = await run_import(town, text)
    assert (await accept(town, done.issued[0].token)).actor.kind is ActorKind.AGENT


# Importing a list.

HEAD = "Adresse;Prénom;Nom;Fonction;Service\n"


async def preview(town: Town, text: str | bytes) -> ImportPreview:
    data = text if isinstance(text, bytes) else text.encode()
    return await town.house.administration.preview(await town.administrator(town.agathe), data)


async def run_import(town: Town, text: str | bytes) -> ImportDone:
    data = text if isinstance(text, bytes) else text.encode()
    return await town.house.administration.import_agents(await town.administrator(town.agathe), data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize(
    "head",
    [
        "Adresse;Prénom;Nom;Fonction;Service",
        "courriel;PRENOM;Nom de famille;poste;Direction",
        "email;first name;last_name;job title;Department",
        "Adresse e-mail;Given name;Family name;Function;unit",
        "Adresse électronique;Prénom(s);Nom d’usage;Intitulé du poste;Affectation",
        "Mail professionnel;Prénom usuel;NOM D'USAGE;Emploi;Pôle",
        "Courriel;Prénom;Nom;Intitulé;Unité",
    ],
)
def test_lists_as_spreadsheets_save_them(encoding: str, separator: str, head: str) -> None:
    text = head + "\r\nhélo@x.example".replace("é", "e") + ";Hélène;L’Hôte;Chargée d’études;Pôle été\r\n"
    told = agent_list.read(text.replace(";", separator).encode(encoding))
    one = told.lines[0].who
    assert (one.email, one.given_name, one.family_name, one.function, one.service) == (
        "helo@x.example",
        "Hélène",
        "L’Hôte",
        "Chargée d’études",
        "Pôle été",
    )
    assert (len(told.lines), told.wrong, told.ignored) == (1, [], [])


def test_a_list_as_human_resources_keep_it() -> None:
    """A first line that says the separator; two names, of which the one in use counts; and a home address."""
    text = (
        "sep=;\r\n"
        "Matricule;Nom de naissance;Nom d'usage;Prénom(s);Adresse;Courriel;Direction;Service\r\n"
        "12;Martin;Roux;Camille, Rose;3 rue des Quais;camille@x.example;DDT;Digues\r\n"
        "13;Faure;;Ada;4 rue des Quais;ada@x.example;DDT;\r\n"
        "14;;;Jo;;jo@x.example;;\r\n"
    )
    told = agent_list.read(text.encode("cp1252"))
    assert [
        (o.line, o.who.email, o.who.family_name, o.who.given_name, o.who.service) for o in told.lines
    ] == [
        (3, "camille@x.example", "Roux", "Camille, Rose", "Digues"),
        (4, "ada@x.example", "Faure", "Ada", "DDT"),
    ]
    assert [(w.line, w.column, w.fault) for w in told.wrong] == [(5, "family_name", "missing")]
    assert told.ignored == ["Matricule"]


async def test_what_is_wrong_is_said_line_by_line_and_left_out(town: Town) -> None:
    text = (
        "service;courriel;prénom;nom;fonction;administrateur\n"
        "Digues;a@b@x.example;Ada;Faure;;oui\n"  # 2
        "Digues;ada@x.example;;;;\n"  # 3: two cells are missing
        "Digues;bob@x.example;Bob;Martin;;\n"  # 4
        "\n"
        '"Digues\nde la Vézelle";BOB@x.example;Bob;Martin;;\n'  # 6: twice
        f"Digues;cid@x.example;Cid;{'x' * 101};;\n"  # 8
        "Digues;jo@mobilites.example;Jo;Vasseur;;\n"  # 9: another organisation's domain
        "Digues;solene.kerbrat@mobilites.example;Solène;Kerbrat;;\n"  # 10: elsewhere
        "Digues;dan@x.example;Dan;Roux;;;;de trop\n"  # 11
        "Digues;eve@x.example;\u202eEve;Roux;;\n"  # 12
    )
    told = await preview(town, text)
    assert [(w.line, w.column, w.fault) for w in told.wrong] == [
        (2, "email", "wrong"),
        (3, "given_name", "missing"),
        (3, "family_name", "missing"),
        (6, "email", "twice"),
        (8, "family_name", "too-long"),
        (9, "email", "domain"),
        (10, "email", "elsewhere"),
        (11, None, "cells"),
        (12, "given_name", "wrong"),
    ]
    assert (told.fresh, told.ignored, told.lines) == (1, ["administrateur"], 9)
    done = await run_import(town, text)
    assert ([i.invitation.email for i in done.issued], done.left_out) == (["bob@x.example"], 8)
    wrong_only = "".join(text.splitlines(keepends=True)[:2])
    with pytest.raises(ListWrong):
        await run_import(town, wrong_only)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "columns"),
        (b"\n\n", "columns"),
        (b"courriel;nom\na@x.example;A\n", "columns"),
        (HEAD.encode(), "empty"),
        ((HEAD + "a@x.example;A;B;;\n").encode("utf-16"), "encoding"),
        (b"courriel;prenom;nom\n\x81\x8d;a;b\n", "encoding"),
        (b"PK\x03\x04\x14\x00\x06\x00", "encoding"),
        (b'courriel;prenom;nom\n"a@x.example;A;B\n', "quotes"),
        (HEAD.encode() + b"a@x.example;A;B;;\n" * 5001, "too-many"),
        (b"x" * (2 << 20) + b"x", "too-many"),
        (HEAD.strip().encode() + b";" * 96 + b"\na@x.example;A;B\n", "too-wide"),
        (HEAD.encode() + b'"' + b"x" * 200_000 + b'";A;B;;\n', "quotes"),
    ],
)
def test_what_is_no_list(data: bytes, reason: str) -> None:
    with pytest.raises(Invalid) as invalid:
        agent_list.read(data)
    assert (invalid.value.field, invalid.value.reason) == ("file", reason)


def test_a_list_may_have_a_hundred_columns() -> None:
    told = agent_list.read(HEAD.strip().encode() + b";" * 95 + b"\na@x.example;A;B\n")
    assert [one.who.email for one in told.lines] == ["a@x.example"]


_BYTES = 2 << 20
_MARKS = ("\u0301" * 60_000 + "\u0316" * 60_000).encode()


@pytest.mark.parametrize(
    "data",
    [
        b";" * _BYTES,
        HEAD.encode() + b";" * (_BYTES - 100),
        HEAD.encode() + b"a;" * (_BYTES // 2 - 100),
        b'"' * _BYTES,
        HEAD.encode() + b'""' * (_BYTES // 2 - 100),
        b"\n" * _BYTES,
        HEAD.encode() + b"\n" * (_BYTES - 100),
        HEAD.encode() + b'"\n' * (_BYTES // 2 - 100),
        HEAD.strip().encode() + b";" + _MARKS + b";" + _MARKS + b"\na@x.example;A;B;;;;\n",
    ],
    ids=[
        "semicolons",
        "semicolons-below",
        "cells",
        "quotes",
        "quotes-below",
        "newlines",
        "newlines-below",
        "quoted-newlines",
        "marks",
    ],
)
async def test_nobody_waits_for_a_list_that_is_read(town: Town, data: bytes) -> None:
    """Whatever fills it, the loop that serves everybody goes on."""
    longest, last, clock = 0.0, 0.0, asyncio.get_running_loop().time

    async def tick() -> None:
        nonlocal longest, last
        last = clock()
        while True:
            await asyncio.sleep(0.005)
            longest, last = max(longest, clock() - last), clock()

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    with contextlib.suppress(Invalid):
        await town.house.administration.preview(await town.administrator(town.agathe), data)
    longest = max(longest, clock() - last)
    ticking.cancel()
    await asyncio.gather(ticking, return_exceptions=True)
    assert longest < 0.5


async def test_importing_again_changes_nothing(town: Town) -> None:
    text = HEAD + "camille@x.example;Camille;Roux;;\nyanis.bouchareb@haute-vezelle.example;Y;B;;\n"
    done = await run_import(town, text)
    assert ([i.invitation.email for i in done.issued], done.known, done.waiting) == (
        ["camille@x.example"],
        1,
        0,
    )
    again = await run_import(town, text)
    assert (again.issued, again.known, again.waiting) == ([], 1, 1)
    assert (await accept(town, done.issued[0].token)).actor.organisation_id == town.prefecture.id
    last = await run_import(town, text)
    assert (last.issued, last.known, last.waiting) == ([], 2, 0)
    profile = await town.house.people.profile(town.yanis, town.yanis.person_id)
    assert profile.card.given_name == "Yanis", "who is here stays as they are"


async def test_the_same_list_twice_at_once(town: Town) -> None:
    text = HEAD + "".join(f"agent{n}@x.example;Agent;Numéro {n};;\n" for n in range(50))
    outcomes = await asyncio.gather(*(run_import(town, text) for _ in range(4)))
    assert sorted(len(o.issued) for o in outcomes) == [0, 0, 0, 50]
    assert {len(o.issued) + o.waiting for o in outcomes} == {50}


async def test_a_list_of_five_thousand(town: Town) -> None:
    text = HEAD + "".join(
        f"agent{n}@x.example;Agent;Numéro {n};Agent;Service {n % 40}\n" for n in range(5000)
    )
    done = await run_import(town, text)
    assert len({i.token for i in done.issued}) == 5000
    book = await town.house.invitations.pending(await town.administrator(town.agathe), "numéro 4999")
    assert (book.count, [i.email for i in book.invitations]) == (5000, ["agent4999@x.example"])


async def test_cells_are_text_and_nothing_more(town: Town) -> None:
    """Formulas, markup and SQL are names like others; and no column makes an administrator."""
    odd = (
        '=HYPERLINK("http://mal.example","cliquez")',
        "<script>alert(1)</script>",
        "'; drop table person; --",
    )
    head = "courriel;prénom;nom;administrator;role;kind\n"
    quoted = ['"' + text.replace('"', '""') + '"' for text in odd]
    text = head + "".join(
        f"odd{n}@x.example;{cell};Roux;true;manager;system\n" for n, cell in enumerate(quoted)
    )
    done = await run_import(town, text)
    assert [i.invitation.given_name for i in done.issued] == list(odd)
    for issued in done.issued:
        actor = (await accept(town, issued.token)).actor
        assert (actor.kind, actor.administrator) == (ActorKind.AGENT, False)
    assert (await town.house.administration.book(await town.administrator(town.agathe), "hyperlink")).people[
        0
    ].administrator is False


async def test_colleagues_are_those_of_ones_service(town: Town) -> None:
    assert await town.house.administration.colleagues(town.yanis) == [], (
        "who says no service knows nobody by it"
    )
    for actor, service in ((town.yanis, "Risques"), (town.ousmane, "risques"), (town.agathe, "Cabinet")):
        await town.house.people.change_profile(actor, ProfileChange(service=service))
    await town.house.people.change_profile(town.solene, ProfileChange(service="Risques"))
    found = await town.house.administration.colleagues(town.yanis)
    assert [card.id for card in found] == [town.ousmane.person_id]
    with pytest.raises(Refused):
        await town.house.administration.colleagues(town.guest)


async def test_the_book_goes_page_by_page(town: Town) -> None:
    administration, me = town.house.administration, await town.administrator(town.agathe)
    everybody = (await administration.book(me)).people
    assert [line.card.family_name for line in everybody] == ["Bouchareb", "Delorme", "Diarra", "Vasseur"]
    first = await administration.book(me, most=2)
    rest = await administration.book(me, most=2, after=first.people[-1].card.id)
    assert [line.card.id for line in (*first.people, *rest.people)] == [line.card.id for line in everybody]
    guests = await administration.book(me, kind=ActorKind.GUEST)
    assert [line.card.id for line in guests.people] == [town.guest.person_id]
    assert (await administration.book(me, "...")).people == []
    assert (await administration.book(me, "bouch")).people[0].card.id == town.yanis.person_id


def test_roles_are_no_part_of_an_invitation() -> None:
    """An invitation of an agent has no field for a role or an office: an import cannot give either."""
    fields = {field.name for field in msgspec.structs.fields(NewInvitation)}
    assert fields == {"email", "given_name", "family_name", "function", "service"}
