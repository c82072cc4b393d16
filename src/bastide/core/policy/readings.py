"""The readings of R9, as data: a later text changes this table, not the code that reads it.

R9 is the rule of the circular « Cloud au centre » (n° 6282-SG, 5 July 2021): data of particular sensitivity may lie on a
commercial cloud only if that is qualified SecNumCloud (or equivalent) and immune from law outside the Union. What counts as
such data was said three times, differently; an administration declares which reading it follows.
"""

import msgspec

from bastide.core.policy.words import Label, Reading


class Terms(msgspec.Struct, frozen=True):
    """What a reading asks for.

    Attributes:
        source: the text.
        binds_from: the least label whose spaces need hosting that R9 accepts.
        exceptions: whether an exception may cover spaces at all (some cover mail and personal drives only).
        exception_months: how long an exception may go on after an acceptable offer exists.
        exception_source: where that comes from.
        granted_months: how long an exception lasts at most from its first day; whoever goes on with it has it granted anew.
        granted_source: where that comes from.
    """

    source: str
    binds_from: Label
    exceptions: bool
    exception_months: int
    exception_source: str
    granted_months: int
    granted_source: str


_R9_4 = "circulaire n° 6282-SG du 5 juillet 2021, règle R9, alinéa 4"
# The circular calls exceptions transitional and ends them after an offer; before there is one it names no day. That they are
# looked at each year, as approvals are, is Bastide's own: said in English, where texts keep their French titles.
_YEARLY = "Bastide's own rule: an exception is granted anew each year, as an approval is reviewed each year"

READINGS: dict[Reading, Terms] = {
    Reading.DINUM_2021: Terms(
        source="note de la DINUM aux secrétaires généraux, 15 septembre 2021",
        binds_from=Label.PUBLIC,
        exceptions=False,
        exception_months=12,
        exception_source=_R9_4,
        granted_months=12,
        granted_source=_YEARLY,
    ),
    Reading.CIRCULAR_2023: Terms(
        source="circulaire n° 6404/SG du 31 mai 2023",
        binds_from=Label.SENSITIVE,
        exceptions=True,
        exception_months=12,
        exception_source=_R9_4,
        granted_months=12,
        granted_source=_YEARLY,
    ),
    # A longer term is reported for its decree; until somebody has read it there, the stricter one stands.
    Reading.SREN_2024: Terms(
        source="loi n° 2024-449 du 21 mai 2024, article 31",
        binds_from=Label.SENSITIVE,
        exceptions=True,
        exception_months=12,
        exception_source=_R9_4,
        granted_months=12,
        granted_source=_YEARLY,
    ),
}
DEFAULT_READING = Reading.DINUM_2021

if missing := set(Reading) - set(READINGS):
    raise RuntimeError(f"readings without terms: {sorted(missing)}")
