"""What the demo organisation lacks to be looked at from all sides: an empty space, one with names as long as they may be,
a guest, somebody on their first day, invitations.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from random import randrange
from typing import Any, NamedTuple
from uuid import uuid4

from tests.browser.gallery.visit import Scene, Who
from tests.browser.support.house import House
from tests.browser.support.windows import AGATHE, OUSMANE, Agent, Person, Street

ROUVIERE = Agent("Pauline", "Rouvière", "pauline.rouviere@haute-vezelle.example")
"""Reads in the plan, and writes nothing there."""
THEIRS = "six platanes au bord de l’eau"
LONG_SPACE = "Comité interministériel de préfiguration de la direction départementale de la cohésion, v2"
LONG_CHANNEL = "suivi-des-conventions-pluriannuelles-d-objectifs-et-de-moyen"
LONG_WORD = "anticonstitutionnellementintergouvernementalisationdéconcentréedessubdélégations"
LONG_FILE = (
    "Arrêté préfectoral n° 2026-03-117 portant renouvellement de la composition de la commission départementale "
    "de la nature, des paysages et des sites dans sa formation spécialisée dite « des unités touristiques nouvelles », "
    f"version consolidée après relecture du bureau de la réglementation ({LONG_WORD}) - définitif signé.pdf"
)
LONG_NAME = ("Marie-Françoise-Élisabeth", "de La Rochefoucauld-Montmorency-Bellegarde")
LONG_FUNCTION = (
    "Adjointe à la sous-directrice chargée de la coordination interministérielle et de l’appui territorial"
)
LONG_SERVICE = "Secrétariat général commun départemental, service interministériel des systèmes d’information"
_PDF = b"%PDF-1.4\n%%EOF\n"


class Lived(NamedTuple):
    """The scene, and how its people are known."""

    scene: Scene
    people: dict[Who, tuple[Agent, str]]
    """Each with their passphrase."""


class _Maker:
    """Makes things as Agathe, who manages and administers."""

    def __init__(self, house: House, street: Street, agathe: Person) -> None:
        self._house = house
        self._street = street
        self._agathe = agathe

    async def space(self, name: str, label: str, members: Sequence[str] = (), about: str = "") -> str:
        """A team with all tools; its id."""
        new = {"client_id": str(uuid4()), "kind": "team", "label": label, "tools": ["chat", "files", "meet"]}
        words = {"name": plain(name), "description": plain(about), "members": list(members)}
        return str((await self._agathe.api("POST", "/api/spaces", new | words))["space"]["id"])

    async def manager(self, space: str, person: str) -> None:
        await self._agathe.api("PATCH", f"/api/spaces/{space}/members/{person}", {"role": "manager"})

    async def invited(self, agent: Agent, **more: str) -> str:
        """The token of an agent's invitation."""
        body = {"email": agent.email, "given_name": agent.given, "family_name": agent.family, **more}
        return str((await self._agathe.api("POST", "/api/administration/invitations", body))["token"])

    async def guest(self, space: str, agent: Agent) -> str:
        """The token of a guest's invitation."""
        today = date.fromisoformat((await self._agathe.api("GET", "/api/rule"))["today"])
        name = {"email": agent.email, "given_name": agent.given, "family_name": agent.family}
        stay = {"role": "contributor", "ends_on": str(today + timedelta(days=60))}
        return str((await self._agathe.api("POST", f"/api/spaces/{space}/guests", name | stay))["token"])

    async def reset(self, name: str) -> str:
        """The token of a link for a forgotten password, of somebody who looks at nothing here."""
        book = await self._agathe.api("GET", f"/api/administration/people?q={name}")
        path = f"/api/administration/people/{book['people'][0]['card']['id']}/reset"
        return str((await self._agathe.api("POST", path))["token"])

    async def accept(self, token: str) -> str:
        """Take an invitation; gives whose it was."""
        somebody = await self._street.person(Agent("", "", ""))
        body = {"token": token, "password": THEIRS}
        answer = await somebody.context.request.post(
            f"{self._house.base}/api/invitation/accept", data=body, headers={"origin": self._house.base}
        )
        assert answer.ok, await answer.text()
        who = await somebody.id()
        await self._street.leave(somebody)
        return who

    async def upload(self, space: str, name: str) -> None:
        held: Any = await self._agathe.api("GET", "/api/session")
        headers = {"x-csrf": held["csrf"], "origin": self._house.base, "content-type": "application/pdf"}
        answer = await self._agathe.context.request.post(
            f"{self._house.base}/api/spaces/{space}/files",
            params={"name": name, "client_id": str(uuid4())},
            data=_PDF,
            headers=headers,
        )
        assert answer.ok, await answer.text()

    async def channels(self, space: str) -> dict[str, str]:
        """The ids of a space's channels by their names, in their order."""
        held: Any = (await self._agathe.api("GET", "/api/snapshot"))["channels"]
        return {
            one["channel"]["name"]["text"]: one["channel"]["id"]
            for one in held
            if one["channel"]["space_id"] == space
        }

    async def say(self, channel: str, text: str) -> None:
        body = {"client_id": str(uuid4()), "content": plain(text)}
        await self._agathe.api("POST", f"/api/channels/{channel}/messages", body)

    async def at_length(self, long_id: str, ousmane: str) -> str:
        """A space in which everything is as long as it may be; its id."""
        space = await self.space(LONG_SPACE, "internal", [long_id, ousmane], LONG_FUNCTION)
        await self.manager(space, long_id)
        for name in (LONG_CHANNEL, "Observations des services déconcentrés et suites à donner"):
            body = {"client_id": str(uuid4()), "name": plain(name), "topic": plain(LONG_FUNCTION)}
            await self._agathe.api("POST", f"/api/spaces/{space}/channels", body)
        for name in (LONG_FILE, f"{LONG_WORD}.csv"):
            await self.upload(space, name)
        for channel in (await self.channels(space)).values():
            await self.say(channel, f"{LONG_WORD} {LONG_WORD}")
            await self.say(
                channel, f"L’avis : https://exemple.example/{LONG_WORD}/{LONG_WORD}?avis={LONG_WORD}"
            )
            await self.say(channel, "Bien reçu.")
            await self.say(channel, "Le comité prend acte. " * 60)
        return space


async def lay(house: House, street: Street) -> Lived:
    """Make what is missing. All of it is new each time, so that it can be done again on an instance that lives on."""
    agathe, ousmane = await street.person(AGATHE), await street.person(OUSMANE)
    await agathe.come_in()
    await agathe.administer()
    await ousmane.come_in()
    ousmanes = await ousmane.id()
    make, mark = _Maker(house, street, agathe), randrange(10**6)
    long, new = (
        Agent(*LONG_NAME, f"mfe{mark}@haute-vezelle.example"),
        Agent("Noé", "Faure", f"noe.faure{mark}@haute-vezelle.example"),
    )
    away = Agent("Lou", "Martel", f"lou.martel{mark}@hydro-conseil.example")
    more = {"function": LONG_FUNCTION, "service": LONG_SERVICE}
    long_id = await make.accept(await make.invited(long, **more))
    await make.accept(await make.invited(new, service="Service de protection civile"))
    empty = await make.space("Relevés de terrain", "sensitive")
    shared = await make.space("Étude du pont de la Tannerie", "internal", [ousmanes])
    proposed = await make.space("Digue de l’amont", "sensitive", [ousmanes])
    await make.manager(proposed, ousmanes)
    lower = {"label": "internal", "reason": plain("Le dossier nominatif est archivé ailleurs.")}
    await agathe.api("POST", f"/api/spaces/{proposed}/label/lower", lower)
    much = await make.at_length(long_id, ousmanes)
    await make.accept(await make.guest(shared, away))
    direct: Any = await agathe.api("POST", "/api/directs", {"people": [long_id]})
    snapshot: Any = await agathe.api("GET", "/api/snapshot")
    named = {one["space"]["name"]["text"]: one["space"]["id"] for one in snapshot["spaces"]}
    plan = named["Plan inondation Vézelle"]
    talks = await make.channels(plan)
    places = {
        "plan": plan,
        "plan_chat": talks["général"],
        "plan_watch": talks["veille-crues"],
        "crisis": named["Cellule de crise"],
        "empty": empty,
        "empty_chat": next(iter((await make.channels(empty)).values())),
        "shared": shared,
        "shared_chat": next(iter((await make.channels(shared)).values())),
        "proposed": proposed,
        "long": much,
        "long_chat": (await make.channels(much))[LONG_CHANNEL],
        "long_person": long_id,
        "long_direct": direct["space"]["id"],
        "ousmane": ousmanes,
        # Invitations that wait.
        "guest_link": await make.guest(
            shared, Agent("Julie", "Vasseur", f"j.vasseur{mark}@hydro-conseil.example")
        ),
        "known_link": await make.guest(much, away),
        "reset_link": await make.reset("Almeida"),
        "agent_link": await make.invited(Agent("Ada", "Roux", f"ada.roux{mark}@haute-vezelle.example")),
        "long_link": await make.invited(Agent(*LONG_NAME, f"autre{mark}@haute-vezelle.example"), **more),
    }
    wrong = f"bob.martin@;Bob;Martin;\n;Ada;;Urbanisme\nx@y.example;X;{LONG_WORD * 4};\n"
    good = f"ida.b{mark}@haute-vezelle.example;Ida;Blanc;2\n{AGATHE.email};Agathe;Delorme;1\n"
    files = {
        "wrong-list": _csv("Courriel;Prénom;Nom;Service\n" + wrong),
        "good-list": _csv("Courriel;Prénom;Nom;Étage\n" + good),
        "document": {"name": LONG_FILE, "mimeType": "application/pdf", "buffer": _PDF},
    }
    for person in (agathe, ousmane):
        await street.leave(person)
    people = {
        Who.ADMINISTRATOR: (AGATHE, house.passphrase),
        Who.OFFICE: (AGATHE, house.passphrase),
        Who.AGENT: (OUSMANE, house.passphrase),
        Who.READER: (ROUVIERE, house.passphrase),
        Who.GUEST: (away, THEIRS),
        Who.NEWCOMER: (new, THEIRS),
        Who.LONG: (long, THEIRS),
    }
    return Lived(Scene(places, files, asyncio.Lock()), people)


def plain(text: str) -> dict[str, str]:
    """Content as the API takes it."""
    return {"format": "plain", "text": text}


def _csv(text: str) -> dict[str, Any]:
    return {"name": "agents.csv", "mimeType": "text/csv", "buffer": text.encode()}
