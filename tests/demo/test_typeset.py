from datetime import date

import pytest

from bastide.demo.typeset import Calendar, say, typeset

N, B = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Qui conduit le fourgon ?", f"Qui conduit le fourgon{N}?"),
        ("Merci! Vraiment ?!", f"Merci{N}! Vraiment{N}?!"),
        ("Reste : rien ; ou presque", f"Reste{B}: rien{N}; ou presque"),
        ("l'équipe « Vézelle »", f"l’équipe «{N}Vézelle{N}»"),
        ("à 14h32, vers 9 h", f"à 14{N}h{N}32, vers 9{N}h"),
        ("1 240 000 € et 2,91 m", f"1{N}240{N}000{N}€ et 2,91{N}m"),
        ("400 m³/h, 60 km/h, 3,5 t", f"400{N}m³/h, 60{N}km/h, 3,5{N}t"),
        ("par la D 14, n° 7", f"par la D{B}14, n°{B}7"),
        ("04 65 71 20 00", B.join(["04", "65", "71", "20", "00"])),
        ("**Tenu** ! Et *après* ?", f"**Tenu**{N}! Et *après*{N}?"),
        ("3 maisons sur 12 tiennent", "3 maisons sur 12 tiennent"),
    ],
)
def test_french_spaces(typed: str, printed: str) -> None:
    assert typeset(typed) == printed
    assert typeset(printed) == printed


@pytest.mark.parametrize(
    "kept",
    [
        "`a ? b : c;`",
        "https://www.haute-vezelle.example/a?b=c;d",
        "```\nx ; y = 'z'\n```",
        "agathe@haute-vezelle.example",
    ],
)
def test_code_and_addresses_stay_as_they_are(kept: str) -> None:
    assert typeset(f"Voir {kept} ici") == f"Voir {kept} ici"


TUESDAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("hole", "said"),
    [
        ("{J}", "aujourd’hui"),
        ("{J+1}", "demain"),
        ("{J-1 du}", "d’hier"),
        ("{J+1 du}", "de demain"),
        ("{J+3}", "vendredi"),
        ("{J+3 au}", "à vendredi"),
        ("{J+6}", f"le mercredi 18{B}mars"),
        ("{J+6 du}", f"du mercredi 18{B}mars"),
        ("{J+6 au}", f"au mercredi 18{B}mars"),
        ("{J+6 Le}", f"Le mercredi 18{B}mars"),
        ("{J+6 nu}", f"mercredi 18{B}mars"),
        ("{J-1 date}", f"9{B}mars"),
        ("{J+16 date}", f"1er{B}avril"),
        ("{J+30 de mois}", "d’avril"),
        ("{J num}", "10/03/2026"),
        ("{J iso}", "2026-03-10"),
        ("{an}-{an+2}", "2026-2028"),
    ],
)
def test_days_are_said_as_one_says_them(hole: str, said: str) -> None:
    assert Calendar(TUESDAY).fill(hole, TUESDAY) == said


def test_tomorrow_is_the_calendars_tomorrow_and_not_the_next_working_day() -> None:
    friday = date(2026, 3, 13)
    assert Calendar(friday).fill("{J+1}", friday) == "lundi"
    assert say(date(2026, 3, 16), date(2026, 3, 15), "le") == "demain"


@pytest.mark.parametrize("wrong", ["{J+1 truc}", "{J +1}", "{an 3x}"])
def test_an_unknown_hole_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="day"):
        Calendar(TUESDAY).fill(wrong, TUESDAY)
