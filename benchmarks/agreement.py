"""Time Krippendorff's alpha on a million annotations, beside `krippendorff` and crowd-kit where a Python that has them is named.

`python benchmarks/agreement.py [--peers PYTHON] [--annotations 1000000]`; each line runs in a process of its own, three times; CPU seconds
are the median, memory is the peak beyond what the process held before the call.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

FLOORS = {"alpha": (0.3, 0.1), "alpha, 1 000 resamples": (5.0, 1.0)}
PEOPLE, LABELS, PER_ITEM = 1000, 10, 3
Thunk = Callable[[], object]


def columns(annotations: int) -> tuple[Any, Any, Any]:
    """Simulate annotations: (item, person, label), three for each item, seven of ten as the truth."""
    rng = np.random.default_rng(0)
    items = -(-annotations // PER_ITEM)
    item = np.repeat(np.arange(items, dtype=np.int32), PER_ITEM)[:annotations]
    truth = rng.integers(0, LABELS, items, dtype=np.int32)
    label = np.where(rng.random(annotations) < 0.7, truth[item], rng.integers(0, LABELS, annotations, dtype=np.int32))
    return item, rng.integers(0, PEOPLE, annotations, dtype=np.int32), label


def ours(name: str, annotations: int) -> Thunk:
    from isogloss.core.agreement import Bootstrap, Level, gwet_ac1, krippendorff_alpha
    from isogloss.core.tables import Ratings

    item, person, label = columns(annotations)
    if name == "from string ids to alpha":
        strings = [f"item-{i:07d}" for i in item], [f"worker-{p}" for p in person], [f"label-{k}" for k in label]
        return lambda: krippendorff_alpha(
            Ratings.from_columns(item=strings[0], worker=strings[1], label=strings[2]), bootstrap=Bootstrap(replicates=0)
        )
    ratings = Ratings.from_columns(item=item, worker=person, label=label)
    runs: dict[str, Thunk] = {
        "alpha": lambda: krippendorff_alpha(ratings, bootstrap=Bootstrap(replicates=0)),
        "alpha, 1 000 resamples": lambda: krippendorff_alpha(ratings),
        "ordinal alpha, 1 000 resamples": lambda: krippendorff_alpha(ratings, level=Level.ORDINAL),
        "AC1, 1 000 resamples": lambda: gwet_ac1(ratings),
    }
    return runs[name]


def krippendorff(annotations: int) -> Thunk:
    import krippendorff

    item, _, label = columns(annotations)
    counts = np.bincount(item.astype(np.int64) * LABELS + label, minlength=(int(item[-1]) + 1) * LABELS).reshape(-1, LABELS)
    return lambda: krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")


def crowdkit(annotations: int) -> Thunk:
    import pandas as pd
    from crowdkit.metrics.data import alpha_krippendorff

    item, person, label = columns(annotations)
    frame = pd.DataFrame({"task": item, "worker": person, "label": label})
    return lambda: alpha_krippendorff(frame)


def peak() -> float:
    """Give the peak resident memory in MB since it was last reset."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measure(run: Thunk) -> dict[str, float]:
    """Run three times in this process."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before, seconds = peak(), []
    for _ in range(3):
        begun = time.process_time()
        found = run()
        seconds.append(time.process_time() - begun)
    return {"seconds": statistics.median(seconds), "memory": peak() - before, "value": float(getattr(found, "value", found))}


def in_a_process(python: str, name: str, annotations: int) -> dict[str, float] | None:
    """Measure one line in a fresh process, or give None where its library is missing."""
    command = [python, __file__, "--line", name, "--annotations", str(annotations)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"OMP_NUM_THREADS": "1"})
    if "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers", help="a Python that has krippendorff or crowd-kit")
    parser.add_argument("--annotations", type=int, default=1_000_000)
    parser.add_argument("--line", help=argparse.SUPPRESS)
    given = parser.parse_args()
    peers = {"krippendorff": krippendorff, "crowd-kit": crowdkit}
    if given.line:
        made = peers[given.line](given.annotations) if given.line in peers else ours(given.line, given.annotations)
        print(json.dumps(measure(made)))
        return
    names = ["alpha", "alpha, 1 000 resamples", "ordinal alpha, 1 000 resamples", "AC1, 1 000 resamples", "from string ids to alpha"]
    print(f"{given.annotations:,} annotations, {LABELS} labels, {PER_ITEM} per item\n")
    print("| | CPU s | peak MB | value | floor | aim |\n|---|---|---|---|---|---|")
    for name in [*names, *(peers if given.peers else ())]:
        found = in_a_process(given.peers if name in peers else sys.executable, name, given.annotations)
        floor, aim = FLOORS.get(name, ("", ""))
        told = "not installed | | |" if found is None else f"{found['seconds']:.3f} | {found['memory']:.0f} | {found['value']:.5f} |"
        print(f"| {name} | {told} {floor} | {aim} |")


if __name__ == "__main__":
    main()
