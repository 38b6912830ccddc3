"""Rebuild the fitted file of language identification: `python benchmarks/language_fit.py` (needs ../shared/data, about ten CPU minutes)."""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from isogloss.core.language import fitting
from isogloss.core.language.cleaning import clean
from language_rows import Row, development_rows, fragments


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=fitting.FITTED)
    parser.add_argument("--without", default="", help="leave out one origin (for evaluation)")
    arguments = parser.parse_args()
    begun = time.process_time()
    rows = [row for row in development_rows() if row.origin != arguments.without and not is_mislabelled(row)]
    fitted = fit(rows, with_model=True)
    fitting.save(fitted, arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.2f} MB, {len(rows)} rows, {time.process_time() - begun:.0f} CPU s")


def is_mislabelled(row: Row) -> bool:
    """Whether a row's label is not to be learned from: of the Malay web sentences a good part is Indonesian (song and ad pages)."""
    return row.origin == "lingua-test" and row.language == "ms"


def fit(rows: list[Row], *, with_model: bool) -> "fitting.Reranker":
    cleaned = [clean(row.text) for row in rows]
    cut = fragments(rows, cleaned=cleaned)
    everything = rows + cut
    texts = cleaned + [row.text for row in cut]
    counted = Counter((row.part, row.origin, row.language) for row in everything)
    weights = [min(1.0, 100 / counted[row.part, row.origin, row.language]) * (1.0 if row.part == "lid" else 0.5) for row in everything]
    about = {"rows": len(everything), "origins": sorted({row.origin for row in rows}), "command": "python benchmarks/language_fit.py"}
    return fitting.fit(
        texts,
        languages=[row.language for row in everything],
        origins=[row.origin for row in everything],
        weights=np.array(weights, dtype=np.float32),
        about=about,
        with_model=with_model,
    )


if __name__ == "__main__":
    main()
