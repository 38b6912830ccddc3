"""Measure language identification against its floors: `python benchmarks/language.py [part …]` (needs ../shared/data)."""

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
import language_fit
from isogloss.core import duplicates
from isogloss.core.language import fitting, identification
from isogloss.core.language.decoding import decode
from isogloss.core.language.gates import f1
from isogloss.core.language.identification import Identification, identify
from isogloss.core.language.models import WorkspaceModel
from isogloss.core.language.segments import SHARE_WEIGHT, SWITCH_PENALTY
from isogloss.core.language.taggers import train_tagger
from isogloss.core.language.training import Example, Training, train_model
from isogloss.core.language.wordscores import word_scores
from language_rows import COMMON, SHARED, Row, development_rows, read_rows

Sentence = list[tuple[str, str]]


def main() -> None:
    parts = {
        "speed": speed,
        "random": random_third,
        "sources": sources_out,
        "model": workspace_model,
        "malay": malay,
        "switching": switching,
        "duplicates": near_duplicates,
    }
    parser = argparse.ArgumentParser()
    parser.add_argument("part", nargs="*", choices=[*parts, []], help="all of them when none is named")
    for name in parser.parse_args().part or parts:
        print(f"\n## {name}", flush=True)
        parts[name]()


def speed() -> None:
    """Load, memory and texts per CPU second, in a process of its own."""
    code = (
        "import json,sys,time;t=time.process_time();"
        "from isogloss.core.language.identification import identify;identify(['hello']);load=time.process_time()-t;"
        "texts=[json.loads(l)['text'] for p in sys.argv[1:] for l in open(p,encoding='utf-8')];t=time.process_time();identify(texts);"
        # ru_maxrss would be the parent's where that is larger: it outlives exec
        "spent=time.process_time()-t;peak=int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])/1024;"
        "print(f'load {load:.2f} CPU s, {len(texts)/spent:.0f} texts per CPU s, "
        "peak memory {peak:.0f} MB with {len(texts)} texts and Python itself')"
    )
    files = [str(file) for file in sorted((SHARED / "lid").glob("*/data.jsonl")) if file.parent.name != "fame-cs"]
    subprocess.run([sys.executable, "-c", code, *files], check=True)


def random_third() -> None:
    """Fitted on two thirds of the development rows, measured on the third: every origin is known, no text is."""
    rows = [row for row in development_rows() if not language_fit.is_mislabelled(row)]
    held = np.random.default_rng(3).integers(0, 3, len(rows)) == 0
    train = [row for row, is_held in zip(rows, held, strict=True) if not is_held]
    test = [row for row, is_held in zip(rows, held, strict=True) if is_held and row.part == "lid"]
    _report("random third", test, _answers(train, test))


def sources_out() -> None:
    """Each origin in turn is what nobody has seen: nothing fitted knows a row of it."""
    rows = [row for row in development_rows() if not language_fit.is_mislabelled(row)]
    everything: list[tuple[Row, Identification]] = []
    for origin in sorted({row.origin for row in rows}):
        test = [row for row in rows if row.origin == origin]
        answers = _answers([row for row in rows if row.origin != origin], test)
        _report(origin, test, answers)
        everything += zip(test, answers, strict=True)
    _report("all, each unseen", [row for row, _ in everything], [answer for _, answer in everything])


def workspace_model() -> None:
    """A model trained on the development rows: held out at random, and by source."""
    rows = development_rows(most=300)
    begun = time.process_time()
    trained = train_model([Example(row.text, row.tag, row.origin) for row in rows], training=Training())
    print(f"{len(rows)} rows, {time.process_time() - begun:.0f} CPU s with its evaluation")
    for name, (live, candidate) in trained.gate.accuracy.items():
        print(f"held out ({name}): accuracy {live:.3f} before (its fitted file has seen these rows), {candidate:.3f} with the model")
    print(
        "by source, each unseen by the model:", {name: round(share, 3) for name, share in trained.gate.by_source.get("source", {}).items()}
    )
    print(
        "gate:",
        "passes" if trained.gate.passes else "refuses",
        [(row.evaluation, row.language, row.rows, row.live, row.candidate) for row in trained.gate.losers],
    )


def malay() -> None:
    """Malay and Indonesian: chat that nothing was fitted on, then each source with Malay left out in turn of all that is fitted."""
    rows = development_rows(most=300)
    chat = [(tag, text) for tag in ("ms", "id") for text in _invented(tag)]
    training = Training(folds=2, source_groups=1)
    _twins("chat", chat, model=train_model([Example(row.text, row.tag, row.origin) for row in rows], training=training).model)
    for origin in ("lingua-test", "ntrex"):
        train, test = [row for row in rows if row.origin != origin], [row for row in rows if row.origin == origin]
        fitted = language_fit.fit([row for row in train if not language_fit.is_mislabelled(row)], with_model=True)
        with _fitted(fitted):
            model = train_model([Example(row.text, row.tag, row.origin) for row in train], training=training).model
            _twins(origin, [(row.language, row.text) for row in test], model=model)


def _invented(tag: str) -> list[str]:
    lines = (Path(__file__).parent / f"language_chat_{tag}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]


def _twins(name: str, rows: Sequence[tuple[str, str]], *, model: WorkspaceModel) -> None:
    gold, texts = [language for language, _ in rows], [text for _, text in rows]
    for how, chosen in (("alone", None), ("with a model", model)):
        found = [answer.language for answer in identify(texts, model=chosen)]
        print(
            f"{name}, {how}: Malay F1 {f1(gold, found, language='ms'):.3f} of {gold.count('ms')}, "
            f"Indonesian F1 {f1(gold, found, language='id'):.3f} of {gold.count('id')}",
            flush=True,
        )


def switching() -> None:
    """Frisian–Dutch: without labels, with 160 labelled sentences in five folds; Indonesian–Javanese–English joined from comments."""
    with (SHARED / "lid" / "fame-cs" / "data.jsonl").open(encoding="utf-8") as lines:
        frisian: list[Sentence] = [[(word, label) for word, label in json.loads(line)["tokens"]] for line in lines]
    total = sum(map(len, frisian))
    best = sum(max(Counter(label for _, label in sentence).values()) for sentence in frisian)
    print(f"Frisian–Dutch, {total} tokens: one label per text, the best one for each {best / total:.3f}")
    print(f"  without labels {_unlabelled(frisian, ['fy', 'nl']):.3f}")
    print(f"  with 160 labelled, five folds {_labelled(frisian, ['fy', 'nl']):.3f}")
    joined = _joined()
    print(f"Indonesian–Javanese–English, joined: without labels {_unlabelled(joined, ['id', 'jv', 'en']):.3f}", end="")
    print(f", with 240 labelled, five folds {_labelled(joined, ['id', 'jv', 'en']):.3f}")


def near_duplicates() -> None:
    """A million short texts cut and joined from the development corpora."""
    texts = [row.text for row in [*read_rows("corpora"), *read_rows("lid")]]

    def short_texts() -> Iterator[str]:
        rng = random.Random(0)
        for _ in range(1_000_000):
            one, two = texts[rng.randrange(len(texts))], texts[rng.randrange(len(texts))]
            yield f"{one[rng.randrange(len(one) + 1) :]} {two[: rng.randrange(len(two) + 1)]}"[:140]

    begun = time.process_time()
    for _ in short_texts():
        pass
    making = time.process_time() - begun
    begun = time.process_time()
    found = duplicates.clusters(short_texts())
    spent = time.process_time() - begun - making
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{spent:.0f} CPU s, peak memory of the process {peak:.0f} MB, exact {found.exact_share:.4f}, near {found.near_share:.4f}")


def _answers(train: Sequence[Row], test: Sequence[Row]) -> list[Identification]:
    with _fitted(language_fit.fit(list(train), with_model=False)):
        return identify([row.text for row in test])


class _fitted:  # noqa: N801  reads as a verb where it is used
    """For a while another fitted file speaks."""

    def __init__(self, reranker: fitting.Reranker) -> None:
        self._reranker = reranker
        self._before = fitting.load

    def __enter__(self) -> None:
        fitting.load = lambda: self._reranker
        identification.forget()

    def __exit__(self, *_: object) -> None:
        fitting.load = self._before
        identification.forget()


def _report(name: str, rows: Sequence[Row], answers: Sequence[Identification]) -> None:
    gold, found = [row.language for row in rows], [answer.language for answer in answers]
    right = np.array([one == two for one, two in zip(gold, found, strict=True)])
    confidence = np.array([answer.confidence for answer in answers])
    short = np.array([len(row.text) < 20 for row in rows])
    among = [(one, two) for one, two in zip(gold, found, strict=True) if one in COMMON]
    common = [f1(gold, found, language=language) for language in COMMON if language in set(gold)]
    alone = [f1([one for one, _ in among], [two for _, two in among], language=language) for language in COMMON if language in set(gold)]
    print(
        f"{name}: {len(rows)} rows, accuracy {right.mean():.3f}, macro F1 of {len(common)} common languages {_mean(common):.3f} "
        f"({_mean(alone):.3f} on their rows alone), "
        f"under 20 characters {_mean(right[short]):.3f} ({short.sum()}), ECE {_calibration_error(confidence, right):.3f}",
        flush=True,
    )


def _mean(values: Sequence[float] | np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Mean distance of confidence and accuracy over 15 bins of equal width, weighted by their rows."""
    bins = np.minimum((confidence * 15).astype(int), 14)
    return float(
        sum(abs(confidence[bins == place].mean() - right[bins == place].mean()) * (bins == place).mean() for place in set(bins.tolist()))
    )


def _unlabelled(sentences: Sequence[Sentence], languages: list[str]) -> float:
    right = total = 0
    for sentence in sentences:
        scores = word_scores([word for word, _ in sentence], languages=languages)
        _, chances = decode(scores, penalty=SWITCH_PENALTY)
        path, _ = decode(scores + SHARE_WEIGHT * np.log(chances.mean(axis=0) + 0.05), penalty=SWITCH_PENALTY)
        right += sum(languages[place] == label for place, (_, label) in zip(path, sentence, strict=True))
        total += len(sentence)
    return right / total


def _labelled(sentences: Sequence[Sentence], languages: list[str]) -> float:
    order = list(range(len(sentences)))
    random.Random(0).shuffle(order)
    right = total = 0
    for fold in range(5):
        held = set(order[fold::5])
        tagger = train_tagger([sentence for place, sentence in enumerate(sentences) if place not in held], languages=languages)
        for place in held:
            labels, _ = tagger.tag([word for word, _ in sentences[place]])
            right += sum(one == two for one, (_, two) in zip(labels, sentences[place], strict=True))
            total += len(labels)
    return right / total


def _joined() -> list[Sentence]:
    """300 sentences of one to five runs of one to six words in three languages, from parallel comments."""
    words: dict[str, list[list[str]]] = {}
    with (SHARED / "corpora" / "nusax-sentiment" / "data.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            words.setdefault(row["lang"], []).append(row["text"].split())
    rng = random.Random(5)
    sentences: list[Sentence] = []
    while len(sentences) < 300:
        sentence: Sentence = []
        for _ in range(rng.randint(1, 5)):
            language = rng.choice(["id", "jv", "en"])
            text, length = rng.choice(words[language]), rng.choice([1, 2, 3, 4, 6])
            start = rng.randrange(max(1, len(text) - length))
            run = [word.strip('.,!?()"') for word in text[start : start + length]]
            sentence += [(word, language) for word in run if word.isalpha()]
        if sentence:
            sentences.append(sentence)
    return sentences


if __name__ == "__main__":
    main()
