"""The command that asks how a treaty reads a missile."""

from __future__ import annotations

import json
import re
import textwrap
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from rangemap.cli.params import ParamType, as_json, emit, note

if TYPE_CHECKING:
    from rangemap.catalogue.treaty_answer import ClassFound, Classification

_TYPES: Final = ("ballistic", "cruise", "glider", "interceptor", "launcher")


class Day(ParamType):
    """A day, as YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or fail with the value and the rule."""
        if isinstance(value, date):
            return value
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
            self.fail(f"{str(value)!r} is not a day like 1988-06-01 (YYYY-MM-DD)", param, ctx)
        try:
            return date.fromisoformat(str(value))
        except ValueError as problem:
            self.fail(f"{str(value)!r} is not a day: {problem}", param, ctx)


@click.command("classify")
@click.argument("system", required=False, metavar="[SYSTEM]")
@click.option(
    "--range",
    "ranges",
    multiple=True,
    type=float,
    metavar="KM",
    help="A missile that you describe: its range. Twice for a low and a high.",
)
@click.option("--launch", type=click.Choice(["ground", "sea", "air"]), help="How it is launched.")
@click.option("--type", "missile_type", type=click.Choice(_TYPES), help="What it is.")
@click.option(
    "--name",
    default="",
    metavar="NAME",
    help="Its name or designation; a treaty lists some types by name.",
)
@click.option(
    "--country",
    default="",
    metavar="NAME",
    help="Its owner. Without one, the answer is by the treaty's terms alone.",
)
@click.option(
    "--tested",
    "tested_km",
    type=float,
    metavar="KM",
    help="The maximum range to which it has been tested.",
)
@click.option("--on", type=Day(), metavar="YYYY-MM-DD", help="Was the treaty in force that day?")
@click.option(
    "--regime",
    default="inf",
    show_default=True,
    metavar="NAME",
    help="inf, start (START I), new-start or mtcr.",
)
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="A table of every system, and where the catalogue's own reading differs.",
)
@as_json
def classify_command(
    system: str | None, ranges: tuple[float, ...], launch: str | None, missile_type: str | None,
    name: str, country: str, tested_km: float | None, on: date | None, regime: str,
    every: bool, as_json: bool,
) -> None:  # fmt: skip
    """Print how a treaty reads SYSTEM, or a missile that you describe, and why.

    Sources that disagree give "depends on source" with each answer; a system whose definition
    or role is in dispute gets the positions and no verdict. See docs/treaty.md.
    """
    described = {"--range": ranges, "--launch": launch, "--type": missile_type, "--name": name,
                 "--country": country, "--tested": tested_km is not None}  # fmt: skip
    given = [option for option, value in described.items() if value]
    if sum([system is not None, bool(given), every]) != 1:
        raise click.UsageError(
            "needs one of SYSTEM, --all, and a missile described by --range, --launch and --type"
        )
    if every:
        _print_all(regime, on, as_json)
        return
    from rangemap.catalogue.treaty import classify, classify_type

    if system is not None:
        answer = classify(system, regime=regime, on=on)
    else:
        if launch is None or missile_type is None:
            raise click.UsageError("a missile that you describe needs --launch and --type")
        if len(ranges) > 2:
            raise click.UsageError("--range: once, or twice for a low and a high")
        if not ranges and tested_km is None and not name and missile_type != "launcher":
            raise click.UsageError("a missile that you describe needs --range, --tested or --name")
        answer = classify_type(
            ranges, launch=launch, missile_type=missile_type, name=name, country=country,
            tested_km=tested_km, regime=regime, on=on,
        )  # fmt: skip
    if as_json:
        emit(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1) + "\n", None)
    else:
        emit(answer_text(answer), None)


def answer_text(answer: Classification) -> str:
    """Return an answer as a card for a terminal."""
    kind = f"{answer.launch_mode}-launched, {answer.type}"
    title = " (".join(part for part in (answer.name, answer.system_id) if part)
    title += ")" if answer.name and answer.system_id else ""
    owner = f", {answer.country}" if answer.country else ""
    lines = [*_wrapped(f"{title or 'The missile described'}: {kind}{owner}", ""), ""]
    lines += _wrapped(f"{answer.regime_name}: {answer.headline}.", "")
    lines += _wrapped(_certainty(answer), "")
    lines += ["", "why:", *_items(answer.reasons)]
    if answer.if_party:
        lines += _items([answer.if_party])
    if answer.classes:
        given = "on record" if answer.system_id else "given"
        lines += ["", f"class by the ranges {given}:"]
        lines += _items([_class_text(one) for one in answer.classes])
    lines += _both_measures(answer)
    if answer.positions:
        lines += ["", "positions:", *_items([_position(one) for one in answer.positions])]
    lines += ["", *_wrapped(f"status: {answer.status_on}", "")]
    if answer.unverified:
        lines += ["", "unverified:", *_items(answer.unverified)]
    if answer.source_keys:
        lines += [
            "",
            *_wrapped(f"sources (rangemap show KEY): {', '.join(answer.source_keys)}", ""),
        ]
    return "\n".join(lines) + "\n"


def _certainty(answer: Classification) -> str:
    parts = [f"basis: {answer.basis}"]
    if answer.article:
        parts.append(answer.article)
    parts.append(f"certainty: {answer.certainty.value} ({answer.certainty_why})")
    return "; ".join(parts)


def _both_measures(answer: Classification) -> list[str]:
    """Tell the class by published range apart from the class by the treaty's own measure."""
    if not answer.classes or answer.regime != "inf" or answer.basis == "launch mode":
        return []
    known = "public" if answer.system_id else "given"
    published = answer.class_by_published_range or "not one class"
    treaty = answer.class_by_treaty or f"not settled by what is {known}"
    return _wrapped(f"by published range: {published}; by the treaty's own measure: {treaty}", "")


def _class_text(one: ClassFound) -> str:
    said: dict[str, list[str]] = {}
    for value in one.values:
        key = f" [{value.source_key}]" if value.source_key else ""
        recalled = "" if value.evidence.value == "seen" else f", {value.evidence.verified}"
        bound = ", at least this class" if value.is_open else ""
        said.setdefault(value.text, []).append(f"{value.said_by}{key}{bound}{recalled}")
    texts = [f"{value} ({'; '.join(by)})" for value, by in said.items()]
    return f"{one.short}: {', '.join(texts)}"


def _position(one: Any) -> str:
    keys = f" [{', '.join(one.source_keys)}]" if one.source_keys else ""
    recalled = "" if one.evidence.value == "seen" else f" ({one.evidence.verified})"
    in_class = f" (class: {one.class_id})" if one.class_id else ""
    return f"{one.said_by}: {one.says}{in_class}{recalled}{keys}"


def _items(texts: Any) -> list[str]:
    return [line for text in texts for line in _wrapped(text, "  - ", "    ")]


def _wrapped(text: str, first: str, rest: str = "    ") -> list[str]:
    from rangemap.views.table import plain

    return textwrap.wrap(
        plain(text), 96, initial_indent=first, subsequent_indent=rest, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _class_column(answer: Classification) -> str:
    from rangemap.catalogue.treaty_missile import one_of
    from rangemap.catalogue.treaty_rules import load_regimes

    if answer.range_class:
        return load_regimes().regime(answer.regime).class_by_id(answer.range_class).short
    if answer.basis == "launch mode" or not answer.classes:
        return ""
    return one_of(one.short for one in answer.classes)


def _print_all(regime: str, on: date | None, as_json: bool) -> None:
    from rangemap.catalogue import load_catalogue
    from rangemap.catalogue.treaty import classify
    from rangemap.catalogue.treaty_reading import differences
    from rangemap.views.table import plain, to_terminal

    answers = [classify(one, regime=regime, on=on) for one in load_catalogue().systems.values()]
    apart = {one.system_id: one for one in differences()} if regime == "inf" else {}
    if as_json:
        rows = [
            {**one.to_dict(), "differs_from_reading":
             apart[one.system_id].why if one.system_id in apart else None}
            for one in answers
        ]  # fmt: skip
        emit(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", None)
        return
    header = ["system", "country", "launch", "outcome", "class", "certainty"]
    table = [
        [one.system_id, one.country, one.launch_mode, one.outcome.value,
         _class_column(one), one.certainty.value]
        for one in answers
    ]  # fmt: skip
    emit(to_terminal(header, table, widest=60), None)
    if apart:
        note(f"differs from the catalogue's own reading (inf_class) in {len(apart)} systems:")
        for one in apart.values():
            text = f"{one.system_id}: {one.answer}. Reading: {one.reading}. {one.why}"
            note(plain(text))
    note(answers[0].status_on)
