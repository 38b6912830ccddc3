"""The fitted file: equal rows give equal bytes, and what is read is what was written."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from isogloss.core.language import fitting

ROOT = Path(__file__).parents[3]
SENTENCES = {
    "en": "the committee will publish its findings before the end of the month because nobody asked for them earlier",
    "id": "panitia akan mengumumkan hasilnya sebelum akhir bulan ini karena tidak ada yang bertanya lebih dulu",
    "de": "der ausschuss wird seine ergebnisse noch vor ende des monats veröffentlichen weil niemand früher fragte",
}


def a_fit():
    """Fitted from parts of three sentences that came from two places."""
    rows = [
        (" ".join(text.split()[start : start + length]), language, ("one", "two")[start % 2])
        for language, text in SENTENCES.items()
        for start in range(8)
        for length in (2, 4, 7)
    ]
    texts, languages, origins = zip(*rows, strict=True)
    return fitting.fit(
        texts,
        languages=languages,
        origins=origins,
        weights=np.ones(len(rows), dtype=np.float32),
        about={"command": "a test"},
        with_model=False,
    )


def test_equal_rows_give_equal_bytes(tmp_path):
    for name in ("one.npz", "two.npz"):
        fitting.save(a_fit(), tmp_path / name)

    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def arrays_in(file: Path) -> dict[str, bytes]:
    """What the file holds; the frame around it is another from one Python to the next."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_file_that_was_read_is_written_the_same(tmp_path):
    fitting.save(fitting.read(fitting.FITTED), tmp_path / "again.npz")

    assert arrays_in(tmp_path / "again.npz") == arrays_in(fitting.FITTED)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_the_command_that_the_shipped_file_names_rebuilds_it(tmp_path):
    if not (ROOT.parent / "shared" / "data" / "lid").exists():
        pytest.skip("needs ../shared/data/lid")
    command = [sys.executable, "benchmarks/language_fit.py", "--out", str(tmp_path / "reranker.npz")]

    subprocess.run(command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": "src"}, check=True)

    assert arrays_in(tmp_path / "reranker.npz") == arrays_in(fitting.FITTED)
