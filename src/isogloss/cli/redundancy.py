"""The command `replay`: what a redundancy policy would have cost and lost."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from isogloss.cli.answers import FILE, METHODS, as_json, counts_json, labels_option, order_option, read_answers, with_gold
from isogloss.cli.tables import BadInput, percent, print_json, print_sentence, print_table

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from isogloss.core.redundancy import Policy, Replay
    from isogloss.core.tables import Ratings


@click.command()
@click.argument("file", type=FILE)
@click.option("--gold", type=FILE, help="Known labels (item, label) to measure accuracy against; the policy does not see them.")
@click.option("--minimum", type=int, help="Annotations every item gets.  [default: the policy's]")
@click.option("--maximum", type=int, help="Annotations an item gets at most.")
@click.option("--confidence", type=float, help="Probability of its label at which an item is closed.")
@click.option("--burn-in", type=int, help="Items annotated in full before the others open.")
@click.option("--full-share", type=float, help="Share of items annotated in full whatever the model says.")
@click.option("--method", type=click.Choice(METHODS), default="auto", show_default=True, help="How labels are concluded.")
@click.option("--no-fixed", is_flag=True, help="Leave out the comparison with every fixed number.")
@order_option
@labels_option
@click.option("--seed", type=int, default=0, show_default=True, help="Of the order in which annotations are asked for.")
@as_json
def replay(
    file: Path,
    *,
    gold: Path | None,
    method: str,
    no_fixed: bool,
    order: str | None,
    kind: str,
    seed: int,
    as_json: bool,
    **numbers: Any,
) -> None:
    """Run a redundancy policy over finished annotations: what it would have cost and lost against every fixed number.

    FILE is CSV, TSV, Parquet or JSONL with the columns item, worker, label.
    """
    from isogloss.core.redundancy import Policy
    from isogloss.core.redundancy import replay as run_policy

    ratings = read_answers(file, kind=kind, order=order)
    known: dict[Hashable, Hashable] = {}
    if gold is not None:
        ratings, known = with_gold(ratings, path=gold)
    try:
        policy = replace(Policy(), **{name: number for name, number in numbers.items() if number is not None})
        found = run_policy(ratings, policy=policy, gold=known or None, method=method, seed=seed, compare_fixed=not no_fixed)
    except ValueError as error:
        raise BadInput(f"{file}: {error}") from error
    if as_json:
        print_json(replay_json(file, ratings=ratings, policy=policy, found=found))
    else:
        print_replay(policy, found=found)


def replay_json(file: Path, *, ratings: Ratings, policy: Policy, found: Replay) -> dict[str, object]:
    """Write a replay for programs."""
    return {
        "file": str(file),
        **counts_json(ratings),
        "policy": asdict(policy),
        "saved": found.saved,
        "lost": found.lost,
        "lost_is": "labels that differ from those of all annotations" if found.policy.accuracy is None else "accuracy",
        "rounds": found.rounds,
        "reopened": found.reopened,
        "outcomes": [asdict(outcome) for outcome in (found.everything, found.policy, *found.fixed)],
        "items_by_annotations": [{"annotations": n, "items": items} for n, items in found.histogram.items()],
        "seed": found.seed,
    }


def print_replay(policy: Policy, *, found: Replay) -> None:
    """Print a replay for people."""
    what = " % of the labels change" if found.policy.accuracy is None else " points of accuracy are lost"
    loss = f"{100 * found.lost:.2f}{what}"
    cost = f"{found.policy.n_annotations:,} of {found.everything.n_annotations:,} annotations"
    print_sentence(f"The policy asks for {cost}, {percent(found.saved)} fewer; {loss}.")
    print_sentence(
        f"Policy: {policy.minimum} to {policy.maximum} annotations, closed when settled to {policy.settled:g}, "
        f"burn-in of {policy.burn_in:,} items, "
        f"{percent(policy.full_share)} of the items in full. {found.rounds:,} rounds, {found.reopened:,} items reopened, seed {found.seed}."
    )
    rows = [
        (
            outcome.name,
            f"{outcome.n_annotations:,}",
            f"{outcome.per_item:.2f}",
            "–" if outcome.accuracy is None else f"{outcome.accuracy:.4f}",
            percent(outcome.same_as_all),
        )
        for outcome in (found.everything, found.policy, *found.fixed)
    ]
    columns = ("annotations of an item", "annotations", "per item", "accuracy", "labels as with all")
    print_table("Cost and loss", columns=columns, rows=rows, right=columns[1:])
