"""The command `sample`: how many items of a lot to inspect, and what the inspection says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from isogloss.cli.tables import BadInput, check_writable, percent, print_json, print_sentence, print_table

if TYPE_CHECKING:
    from isogloss.core.sampling import IsoPlan, SinglePlan

FINITE_SHARE = 0.1  # a larger sample counts as drawn without replacement
MULTIPLES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)  # of the limit, at which the operating characteristic is printed


@click.command()
@click.option("--lot", type=click.IntRange(1), required=True, help="Items in the lot.")
@click.option("--aql", type=float, help="Acceptance quality limit in per cent, 0.1 to 6.5 (plans based on ISO 2859-1).")
@click.option("--tightened", is_flag=True, help="Tightened instead of normal inspection.")
@click.option("--level", type=click.Choice(["I", "II", "III"]), default="II", show_default=True, help="Inspection level.")
@click.option("--zero", type=float, metavar="PERCENT", help="Instead: accept no error, to show that the error rate is below this.")
@click.option("--half-width", type=float, metavar="POINTS", help="Instead: estimate the error rate to ± so many percentage points.")
@click.option("--rate", type=float, default=5.0, show_default=True, metavar="PERCENT", help="Error rate expected, for --half-width.")
@click.option("--errors", type=click.IntRange(0), help="Errors found in the sample: judge the lot.")
@click.option(
    "--draw", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the positions (from 1) of the items to inspect."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draw.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document for programs.")
def sample(
    *,
    lot: int,
    aql: float | None,
    tightened: bool,
    level: str,
    zero: float | None,
    half_width: float | None,
    rate: float,
    errors: int | None,
    draw: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """Plan the inspection of a lot: how many items, how many errors pass it, and what passes all the same."""
    if sum(choice is not None for choice in (aql, zero, half_width)) != 1:
        raise BadInput("Say one of --aql, --zero and --half-width, for example: isogloss sample --lot 12000 --aql 2.5")
    check_writable(draw)
    try:
        if half_width is not None:
            document = estimate_document(lot, half_width=half_width, rate=rate)
        else:
            document = plan_document(lot, aql=aql, tightened=tightened, level=level, zero=zero)
        if errors is not None:
            document["found"] = found_document(document, errors=errors)
    except ValueError as error:
        raise BadInput(str(error)) from error
    if draw is not None:
        document["draw"] = write_draw(draw, lot=lot, size=document["sample"], seed=seed)
    if as_json:
        print_json(document)
    else:
        print_plan(document)


def plan_document(lot: int, *, aql: float | None, tightened: bool, level: str, zero: float | None) -> dict[str, Any]:
    """Describe a plan with its risks."""
    from isogloss.core.sampling import IsoPlan, Level, Severity, iso_plan, zero_acceptance_plan

    plan: SinglePlan
    if aql is not None:
        plan = iso_plan(lot, aql=aql, severity=Severity.TIGHTENED if tightened else Severity.NORMAL, level=Level(level))
        limit = aql / 100
    else:
        assert zero is not None
        limit = zero / 100
        plan = zero_acceptance_plan(limit, lot=lot)
    rates = rates_around(limit, plan=plan)
    document: dict[str, Any] = {
        "lot": lot,
        "sample": plan.sample,
        "accept_up_to": plan.acceptance,
        "reject_from": plan.rejection,
        "inspects_everything": plan.inspects_everything,
        "rejectable_quality": plan.rejectable_quality(),
        "operating_characteristic": [
            {"error_rate": share, "accepted": float(passes)}
            for share, passes in zip(rates, plan.acceptance_probability(rates), strict=True)
        ],
    }
    if not isinstance(plan, IsoPlan):
        return {"plan": "zero acceptance", "error_rate_below": limit, "confidence": 0.95, **document}
    return {
        "plan": "based on ISO 2859-1",
        "aql": limit,
        **iso_details(plan, level=level),
        **document,
        "sequential": sequential_document(plan),
    }


def rates_around(limit: float, *, plan: SinglePlan) -> list[float]:
    """Choose error rates at which to show how often a lot passes; in a small lot those that whole items can make."""
    rates = [min(1.0, limit * multiple) for multiple in MULTIPLES]
    if plan.lot is None or plan.sample <= FINITE_SHARE * plan.lot:
        return rates
    return sorted({max(1, round(rate * plan.lot)) / plan.lot for rate in rates})


def iso_details(plan: IsoPlan, *, level: str) -> dict[str, Any]:
    """Name the row of the table that was used."""
    return {"inspection": plan.severity.value, "level": level, "code_letter": plan.letter}


def sequential_document(plan: IsoPlan) -> dict[str, Any] | None:
    """Describe the sequential plan with the same risks at the AQL and the rejectable quality; None where there is nothing to save."""
    from isogloss.core.sampling import sequential_plan, sequential_risk

    acceptable, rejectable = plan.aql / 100, plan.rejectable_quality()
    if plan.inspects_everything or not acceptable < rejectable < 1:
        return None
    risk_at_aql = max(0.001, 1 - float(plan.acceptance_probability(acceptable)))
    sequential = sequential_plan(acceptable, rejectable=rejectable, producer_risk=risk_at_aql)
    if plan.lot is not None and sequential.limit > plan.lot:
        return None
    risk = sequential_risk(sequential, error_rates=[acceptable, rejectable])
    return {
        "accept_intercept": sequential.accept_intercept,
        "reject_intercept": sequential.reject_intercept,
        "slope": sequential.slope,
        "limit": sequential.limit,
        "inspections_at_aql": float(risk.inspections[0]),
        "inspections_at_rejectable_quality": float(risk.inspections[1]),
        "accepted_at_aql": float(risk.acceptance[0]),
        "accepted_at_rejectable_quality": float(risk.acceptance[1]),
    }


def estimate_document(lot: int, *, half_width: float, rate: float) -> dict[str, Any]:
    """Describe a sample that estimates the error rate."""
    from isogloss.core.sampling import sample_size

    size = sample_size(half_width / 100, rate=rate / 100, lot=lot)
    return {"plan": "estimate", "lot": lot, "half_width": half_width / 100, "expected_rate": rate / 100, "confidence": 0.95, "sample": size}


def found_document(document: dict[str, Any], *, errors: int) -> dict[str, Any]:
    """Describe what the errors found say about the lot."""
    from isogloss.core.sampling import exact_interval

    if errors > document["sample"]:
        raise BadInput(f"--errors {errors:,} is more than the sample of {document['sample']:,}.")
    interval = exact_interval(errors, trials=document["sample"], lot=document["lot"])
    accepted = errors <= document["accept_up_to"] if "accept_up_to" in document else None
    return {
        "errors": errors,
        "error_rate": errors / document["sample"],
        "low": interval.low,
        "high": interval.high,
        "confidence": 0.95,
        "accepted": accepted,
    }


def write_draw(path: Path, *, lot: int, size: int, seed: int) -> dict[str, Any]:
    """Write the positions to inspect, in order."""
    import numpy as np

    from isogloss.core.frames import write_rows
    from isogloss.core.sampling import draw_sample

    positions = draw_sample(lot, sample=size, rng=np.random.default_rng(seed)) + 1
    write_rows(path, columns=("order", "position"), rows=enumerate(positions.tolist(), start=1))
    return {"output": str(path), "seed": seed}


def print_plan(document: dict[str, Any]) -> None:
    """Print a plan for people."""
    print_sentence(sentence(document))
    if "operating_characteristic" in document:
        rows = [(percent(point["error_rate"], digits=2), percent(point["accepted"])) for point in document["operating_characteristic"]]
        print_table(
            "How often such a lot passes", columns=("errors in the lot", "passes"), rows=rows, right=("errors in the lot", "passes")
        )
    sequential = document.get("sequential")
    if sequential:
        slope = f"{sequential['slope']:.4f}·n"
        print_sentence(
            f"One item at a time with about the same risks: accept at d ≤ {slope} − {sequential['accept_intercept']:.2f} errors, "
            f"reject at d ≥ {slope} + {sequential['reject_intercept']:.2f}, end at {sequential['limit']:,}. "
            f"On average {sequential['inspections_at_aql']:,.0f} items at the AQL and "
            f"{sequential['inspections_at_rejectable_quality']:,.0f} at the rejectable quality, instead of {document['sample']:,}."
        )
    found = document.get("found")
    if found:
        verdict = {True: "The lot is accepted", False: "The lot is rejected", None: "Found"}[found["accepted"]]
        interval = f"95 %: {percent(found['low'])} to {percent(found['high'])}"
        print_sentence(f"{verdict}: {found['errors']:,} errors are {percent(found['error_rate'])} ({interval}).")
    if "draw" in document:
        print_sentence(f"The items to inspect, drawn with seed {document['draw']['seed']}, are in {document['draw']['output']}.")


def sentence(document: dict[str, Any]) -> str:
    """Say what to do, and what the plan does not promise."""
    if document["plan"] == "estimate":
        return (
            f"Inspect {document['sample']:,} of {document['lot']:,} items: at about {percent(document['expected_rate'])} errors "
            f"the 95 % interval is ± {percent(document['half_width'])}."
        )
    size = "all" if document["inspects_everything"] else f"{document['sample']:,} of {document['lot']:,}"
    accept, reject = document["accept_up_to"], document["reject_from"]
    todo = f"Inspect {size} items; accept the lot with at most {accept:,} errors, reject it from {reject:,}."
    if document["plan"] == "zero acceptance":
        return f"{todo} A lot that passes has fewer than {percent(document['error_rate_below'])} errors, with 95 % confidence."
    table = f"{document['plan']}, {document['inspection']} inspection, level {document['level']}, letter {document['code_letter']}"
    passes = f"A lot with {percent(document['rejectable_quality'])} errors still passes 1 time in 10"
    return f"{todo} ({table[0].upper()}{table[1:]}, AQL {100 * document['aql']:g} %.) {passes}: the AQL is no promise."
