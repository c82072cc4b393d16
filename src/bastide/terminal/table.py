"""What is declared and what may be held, as lines for a terminal."""

import textwrap
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from bastide.core.policy import HoldingState
from bastide.hosting.model import (
    Declaration,
    DeclaredApproval,
    DeclaredException,
    DeclaredProfile,
    LabelHolding,
    RuleView,
)
from bastide.terminal.words import Words

_WIDTH = 100
_NAME, _LABEL, _STATE = 16, 22, 15


def table(rule: RuleView, organisations: Mapping[UUID, str], words: Words) -> list[str]:
    """All of it, wrapped to a hundred columns.

    Args:
        rule: what is declared and what follows.
        organisations: their names, for those that let others in.
        words: in which language.
    """
    lines = [words.title.format(today=words.day(rule.today)), ""]
    if rule.fictitious:
        lines += [*_wrapped(words.fictitious, 2), ""]
    label, state, why = words.heads
    lines.append(f"  {label:<{_LABEL}}{state:<{_STATE}}{why}")
    for holding in rule.holdings:
        lines += _holding(holding, rule.approval, words)
    lines += ["", words.declared]
    for name, parts in _declared(rule, organisations, words):
        lines += _named(name, parts)
    return [*lines, "", *_wrapped(words.about, 0)]


def _holding(holding: LabelHolding, approval: DeclaredApproval | None, words: Words) -> list[str]:
    head = f"  {words.labels[holding.label.value]:<{_LABEL}}{words.states[holding.state.value]:<{_STATE}}"
    why = " ".join(words.why[reason] for reason in (holding.reason, *holding.also))
    if approval is not None:
        why = why.format(
            label=words.labels[approval.approval.ceiling.value],
            authority=approval.approval.authority,
            until=words.day(approval.ends_on),
        )
    lines = _wrapped(why, len(head))
    if holding.until is not None:
        until = words.day(holding.until)
        opens = holding.then_state is HoldingState.OPEN
        then = words.then.get("open" if opens else holding.then_reason or "")
        text = words.until_then.format(until=until, then=then) if then else words.until.format(until=until)
        lines += _wrapped(text, len(head))
    return [head + lines[0].lstrip(), *lines[1:]]


def _declared(
    rule: RuleView, organisations: Mapping[UUID, str], words: Words
) -> Iterable[tuple[str, list[str]]]:
    yield words.hosting, _profile(rule.profile, words) if rule.profile else [words.none_hosting]
    reading = rule.reading
    yield (
        words.reading,
        [
            words.readings[reading.reading.value],
            words.reading_texts[reading.reading.value],
            words.binds_what.format(bound=words.binds[reading.binds_from.value]),
            words.source.format(source=reading.source),
            _by(reading.declaration, words) if reading.declaration else words.default_reading,
        ],
    )
    approval = _approval(rule.approval, rule.today, words) if rule.approval else [words.no_approval]
    if rule.next_approval is not None:
        first, *rest = _approval(rule.next_approval, rule.today, words)
        approval += [f"{words.following} {first}", *rest]
    yield words.approval, approval
    excepted = [part for one in rule.exceptions for part in _exception(one, words)]
    if rule.offer is not None:
        since = words.day(rule.offer.since)
        said = words.offered.format(since=since, months=reading.exception_months)
        excepted.append(f"{said} {_by(rule.offer.declaration, words)}")
    if not reading.exceptions:
        excepted.append(words.exceptions_not_here)
    yield words.exceptions, excepted or [words.no_exceptions]
    if rule.partners:
        yield (
            words.partners,
            [
                words.lets.format(
                    owner=organisations.get(p.owner_id, str(p.owner_id)),
                    partner=organisations.get(p.partner_id, str(p.partner_id)),
                )
                for p in rule.partners
            ],
        )


def _profile(declared: DeclaredProfile, words: Words) -> list[str]:
    profile = declared.profile
    lines = [words.hostings[profile.hosting.value]]
    if profile.hosting.value == "commercial":
        lines += [words.qualified[not profile.qualified], words.immune[not profile.immune]]
    if profile.until is not None:
        lines.append(words.valid_until.format(until=words.day(profile.until)))
    return [*lines, _by(declared.declaration, words)]


def _approval(declared: DeclaredApproval, today: date, words: Words) -> list[str]:
    approval, due = declared.approval, declared.review_by
    dates = words.dates.format(
        authority=approval.authority, since=words.day(approval.since), until=words.day(declared.ends_on)
    )
    lines = [words.up_to.format(label=words.labels[approval.ceiling.value]), dates]
    if approval.since <= today <= declared.ends_on:
        lines.append((words.overdue if due < today else words.review).format(review=words.day(due)))
    return [*lines, _by(declared.declaration, words)]


def _exception(declared: DeclaredException, words: Words) -> list[str]:
    exception, since = declared.exception, words.day(declared.exception.granted_on)
    dates = words.granted_dates.format(since=since, until=words.day(declared.ends_on))
    label = words.labels[exception.ceiling.value]
    return [
        words.granted.format(authority=exception.authority, label=label),
        f"{dates} {_by(declared.declaration, words)}",
        str(declared.declaration.id),
    ]


def _by(declaration: Declaration, words: Words) -> str:
    on = words.day(declaration.at.date())
    if declaration.fictitious:
        return words.by_fictitious.format(on=on)
    return words.by.format(name=declaration.by_name or words.operator, on=on)


def _named(name: str, parts: list[str]) -> list[str]:
    lines = [line for part in parts for line in _wrapped(part, _NAME + 2)]
    return [f"  {name:<{_NAME}}{lines[0].lstrip()}", *lines[1:]]


def _wrapped(text: str, indent: int) -> list[str]:
    room = " " * indent
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=room,
        subsequent_indent=room,
        break_long_words=False,
        break_on_hyphens=False,
    )
