"""The commands that recompute published statements."""

from __future__ import annotations

import json

import click

from rangemap.cli.params import as_json, emit, note


@click.group("claims", invoke_without_command=True)
@as_json
@click.pass_context
def claims_command(ctx: click.Context, as_json: bool) -> None:
    """Recompute published statements: which hold, which fail, which depend on a definition.

    rangemap claims show ID tells how one of them was recomputed. Statements of your own go
    into a claims.csv in a folder for --catalogue.
    """
    if ctx.invoked_subcommand is not None:
        return
    from rangemap.analysis.claims import Outcome, check_claims
    from rangemap.views.claim_text import claim_record, claims_table

    results = check_claims()
    if as_json:
        records = [claim_record(result) for result in results]
        emit(json.dumps(records, ensure_ascii=False, allow_nan=False, indent=1) + "\n", None)
        return
    emit(claims_table(results), None)
    own = {r.claim.row.split(",")[0] for r in results} - {"claims.csv"}
    for file in sorted(own):
        number = sum(r.claim.row.startswith(f"{file},") for r in results)
        note(f"{number} of the statements {'is' if number == 1 else 'are'} from {file}")
    counts = [f"{sum(r.outcome is o for r in results)} {o.value}" for o in Outcome]
    note(f"{len(results)} statements: {', '.join(counts)}; rangemap claims show ID tells how")


@claims_command.command("show")
@click.argument("claim_id", metavar="ID")
@as_json
@click.pass_context
def show_claim_command(ctx: click.Context, claim_id: str, as_json: bool) -> None:
    """Show how one statement was recomputed, with its numbers and sources."""
    from rangemap.analysis.claims import check_claim
    from rangemap.views.claim_text import claim_card, claim_record

    result = check_claim(claim_id)
    if as_json or (ctx.parent is not None and ctx.parent.params.get("as_json")):
        record = claim_record(result)
        emit(json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1) + "\n", None)
    else:
        emit(claim_card(result), None)
