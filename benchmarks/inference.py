"""Truth inference side by side with crowd-kit: CPU seconds, memory, import, accuracy on the development sets.

    ISOGLOSS_PEER_PYTHON=…/bin/python python benchmarks/inference.py [--peer PYTHON] [--quick]

The peer's Python has crowd-kit 1.4.2 in an environment of its own (`python -m venv peer; peer/bin/pip install crowd-kit==1.4.2`). Both
sides get the same generated table, in a process of their own with one thread, and do ten iterations. Without a peer its columns stay
empty.
"""

import argparse
import csv
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

SHARED = Path(__file__).parents[2] / "shared" / "data" / "crowd"
SETS = ("rte", "weather_sentiment", "d_product", "multilingual_hatecheck", "adult2")

TABLE = """
import numpy as np
def table(n_items, people=1000, labels=10, per_item=3, right=.7):
    rng = np.random.default_rng(0)
    truth = rng.integers(0, labels, n_items, dtype=np.int32)
    item = np.repeat(np.arange(n_items, dtype=np.int32), per_item)
    first = rng.integers(0, people, n_items, dtype=np.int32)
    person = ((np.repeat(first, per_item) + np.tile(np.arange(per_item, dtype=np.int32) * 331, n_items)) % people).astype(np.int32)
    skill = rng.uniform(right - .2, right + .2, people)
    guess = rng.integers(0, labels, len(item), dtype=np.int32)
    label = np.where(rng.random(len(item)) < skill[person], truth[item], guess).astype(np.int32)
    return item, person, label
"""

INTEGERS = """
item, person, label = table(333_334)
"""

STRINGS = """
item, person, label = table(333_334)
item = [f"item-{i:07d}" for i in item.tolist()]
person = [f"person-{i:04d}" for i in person.tolist()]
label = [f"label-{i}" for i in label.tolist()]
"""

OURS = """
from isogloss.core.inference import infer
from isogloss.core.tables import Ratings
import scipy.sparse, time  # the peer's imports are not counted either
began = time.process_time()
result = infer(Ratings.from_columns(item=item, worker=person, label=label), method="{method}", iterations=10, tolerance=0, calibrate=False)
print(time.process_time() - began)
"""

PEER = """
import warnings; warnings.filterwarnings("ignore")
import pandas as pd, time
from crowdkit.aggregation import {model}
frame = pd.DataFrame({{"task": item, "worker": person, "label": label}})
began = time.process_time()
{model}(n_iter=10, tol=0).fit(frame)
print(time.process_time() - began)
"""

LARGE = """
import ctypes, gc, time, resource
item, person, label = table(3_333_334)
item, person, label = item[:10_000_000], person[:10_000_000], label[:10_000_000]
from isogloss.core.inference import infer
from isogloss.core.tables import Ratings
ratings = Ratings(items=range(3_333_334), people=range(1000), labels=range(10), item=item, person=person, label=label)
import scipy.sparse
gc.collect(); ctypes.CDLL("libc.so.6").malloc_trim(0)
open("/proc/self/clear_refs", "w").write("5")  # the peak starts from here
def kilobytes(key): return int(next(line for line in open("/proc/self/status") if line.startswith(key)).split()[1])
before = kilobytes("VmRSS")
cpu, wall = time.process_time(), time.perf_counter()
result = infer(ratings, method="dawid-skene", iterations=10, tolerance=0, calibrate=False)
print(time.perf_counter() - wall, time.process_time() - cpu, (kilobytes("VmHWM") - before) / 1024 - result.posterior.nbytes / 2**20)
"""

UPDATES = """
import time, statistics
item, person, label = table(333_334)
from isogloss.core.inference import infer
from isogloss.core.inference.updates import LiveInference
from isogloss.core.tables import Ratings
ratings = Ratings(items=range(333_334), people=range(1000), labels=range(10), item=item, person=person, label=label)
live = LiveInference(infer(ratings, method="dawid-skene", iterations=10, calibrate=False))
rng = np.random.default_rng(1)
spent = []
for one in range(2000):
    began = time.process_time()
    live.add(item=int(rng.integers(333_334)), person=int(rng.integers(1000)), label=int(rng.integers(10)))
    spent.append(time.process_time() - began)
print(statistics.median(spent) * 1000, sorted(spent)[1980] * 1000)
"""

IMPORT = "import time; began = time.process_time(); import isogloss.core.inference; print(time.process_time() - began)"


def numbers(code: str, *, python: str = sys.executable, threads: int = 1) -> list[float]:
    """Run code in a fresh process and read the numbers it printed last."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, env=environment)
    return [float(number) for number in done.stdout.split("\n")[-2].split()]


def median(code: str, *, python: str = sys.executable, times: int = 3) -> float:
    """The median of the first number over some runs."""
    return statistics.median(numbers(code, python=python)[0] for _ in range(times))


def against_peer(*, peer: str | None, method: str, model: str, ids: str) -> None:
    """Compare CPU seconds on a million annotations."""
    source = TABLE + {"string": STRINGS, "integer": INTEGERS}[ids]
    ours = median(source + OURS.format(method=method))
    line = f"{method:14} 1M annotations, 10 labels, 10 iterations, {ids} ids: {ours:7.2f} CPU s"
    if peer:
        theirs = numbers(source + PEER.format(model=model), python=peer)[0]
        line += f"   crowd-kit {theirs:7.2f} CPU s   {theirs / ours:6.0f} times"
    print(line, flush=True)


def read(name: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """A development set's columns and gold."""
    with (SHARED / name / "judgments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (SHARED / name / "gold.csv").open(encoding="utf-8", newline="") as file:
        gold = {row["item"]: row["label"] for row in csv.DictReader(file)}
    return {key: [row[key] for row in rows] for key in ("item", "worker", "label")}, gold


def accuracies() -> None:
    """Accuracy of every method on every set with gold, ties at half; F1 of label 1 on d_product."""
    from isogloss.core.inference import METHODS, infer
    from isogloss.core.tables import Ratings

    print(f"\n{'':24}" + "".join(f"{method:>20}" for method in METHODS))
    for name in SETS:
        columns, gold = read(name)
        ratings = Ratings.from_columns(item=columns["item"], worker=columns["worker"], label=columns["label"])
        told = []
        for method in METHODS:
            began = time.process_time()
            rows = list(infer(ratings, method=method).rows())
            spent = time.process_time() - began
            known = [(row.label, gold[row.item]) for row in rows if row.item in gold]  # type: ignore[index]
            right = sum(label == true for label, true in known)
            ties = 0.5 * sum(label is None for label, _ in known)
            cell = f"{(right + ties) / len(known):.4f} {spent:5.1f}s"
            if name == "d_product":
                hits = sum(label == true == "1" for label, true in known)
                cell = f"F1 {2 * hits / (sum(label == '1' for label, _ in known) + sum(true == '1' for _, true in known)):.4f} {cell}"
            told.append(f"{cell:>20}")
        print(f"{name:24}" + "".join(told), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", default=os.environ.get("ISOGLOSS_PEER_PYTHON"), help="a Python that has crowd-kit")
    parser.add_argument("--quick", action="store_true", help="leave out the peer and the ten million")
    chosen = parser.parse_args()
    peer = None if chosen.quick else chosen.peer
    print(f"import isogloss.core.inference: {median(IMPORT, times=5):.3f} CPU s")
    against_peer(peer=peer, method="dawid-skene", model="DawidSkene", ids="string")
    against_peer(peer=peer, method="one-coin", model="OneCoinDawidSkene", ids="string")
    against_peer(peer=peer, method="one-coin", model="OneCoinDawidSkene", ids="integer")
    typical, slow = numbers(TABLE + UPDATES)
    print(f"one more annotation with 1M stored: median {typical:.3f} ms, 99th percentile {slow:.3f} ms CPU")
    if not chosen.quick:
        wall, cpu, memory = numbers(TABLE + LARGE, threads=1)
        told = f"{wall:.2f} s elapsed, {cpu:.2f} CPU s, {memory:.0f} MB beyond input and posterior"
        print(f"dawid-skene    10M annotations, integer codes, 10 iterations: {told}")
    if SHARED.exists():
        accuracies()


if __name__ == "__main__":
    main()
