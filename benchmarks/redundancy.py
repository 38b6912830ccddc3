"""The default redundancy policy over finished development sets: what it saves and loses, by seed.

python benchmarks/redundancy.py [--seeds 20] [--sets rte weather_sentiment d_product]
"""

import argparse
import csv
import statistics
import time
from pathlib import Path

from isogloss.core.redundancy import replay
from isogloss.core.tables import Ratings

SHARED = Path(__file__).parents[2] / "shared" / "data" / "crowd"


def read(name: str) -> tuple[Ratings, dict[str, str]]:
    """A development set's table and gold."""
    with (SHARED / name / "judgments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (SHARED / name / "gold.csv").open(encoding="utf-8", newline="") as file:
        gold = {row["item"]: row["label"] for row in csv.DictReader(file)}
    columns = {key: [row[key] for row in rows] for key in ("item", "worker", "label")}
    return Ratings.from_columns(item=columns["item"], worker=columns["worker"], label=columns["label"]), gold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="the first seed; 0 to 39 and 100 to 111 took part in choosing the policy")
    parser.add_argument("--sets", nargs="+", default=["rte", "weather_sentiment", "d_product"])
    parser.add_argument("--fixed", action="store_true", help="print the comparison with every fixed number too, for the first seed")
    chosen = parser.parse_args()
    for name in chosen.sets:
        ratings, gold = read(name)
        began = time.process_time()
        runs = [replay(ratings, gold=gold, seed=seed, compare_fixed=False) for seed in range(chosen.first, chosen.first + chosen.seeds)]
        saved, lost = [run.saved for run in runs], [100 * run.lost for run in runs]
        accuracies = [run.everything.accuracy or 0.0 for run in runs], [run.policy.accuracy or 0.0 for run in runs]
        print(
            f"{name:20} saves {statistics.mean(saved):.1%} ({min(saved):.1%} at least), loses {statistics.mean(lost):+.2f} points"
            f" ({max(lost):+.2f} at worst); accuracy {statistics.mean(accuracies[0]):.4f} -> {statistics.mean(accuracies[1]):.4f};"
            f" {chosen.seeds} seeds, {(time.process_time() - began) / chosen.seeds:.1f} CPU s each",
            flush=True,
        )
        if chosen.fixed:
            print(replay(ratings, gold=gold).told())


if __name__ == "__main__":
    main()
