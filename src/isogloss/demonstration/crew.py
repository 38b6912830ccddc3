"""The simulated crew and its error model, as `demo_data/README.md` states it."""

import json
import math
import random
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the demonstration, with what the crew takes for true."""

    id: str
    text: str
    language: str
    truth: Any
    is_hard: bool


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedPerson:
    """One simulated person."""

    username: str
    name: str
    languages: tuple[str, ...]
    accuracy: float
    bias: dict[str, float]
    median_seconds: float


def read_texts(name: str) -> list[Text]:
    """Return the texts of a file of the demonstration, such as `sentiment/ja`."""
    lines = (files("isogloss") / "demo_data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Text(row["id"], row["text"], row["lang"], row["truth"], row["hard"]) for row in rows]


def read_guideline(name: str) -> str:
    """Return the guideline of a project of the demonstration."""
    return (files("isogloss") / "demo_data" / "guidelines" / f"{name}.md").read_text(encoding="utf-8")


class Crew:
    """The people of `crew.json` and what they answer."""

    def __init__(self) -> None:
        value = json.loads((files("isogloss") / "demo_data" / "crew.json").read_text(encoding="utf-8"))
        self._model: dict[str, Any] = value["model"]
        self.people = [
            SimulatedPerson(p["username"], p["name"], tuple(p["languages"]), p["accuracy"], p["bias"], p["median_seconds"])
            for p in value["people"]
        ]

    def answer(self, person: SimulatedPerson, text: Text, *, project: str) -> tuple[dict[str, Any], int] | None:
        """Return the person's answers and active milliseconds, or nothing for a skip; the same every time."""
        rng = random.Random(f"{self._model['seed']}:{person.username}:{text.id}")  # noqa: S311  a simulation, not a secret
        if rng.random() < self._model["skip_rate"]:
            return None
        truth = text.truth if isinstance(text.truth, str) else text.truth.get("policy", text.truth.get("language"))
        label = self._label(person, text, project=project, truth=truth, rng=rng)
        seconds = self._seconds(person, text, rng=rng)
        if project == "safety":
            answers: dict[str, Any] = {"policy": label}
            if label != "none":
                answers["severity"] = self._severity(text, label=label, truth=truth, rng=rng)
            return answers, int(1000 * seconds)
        return {"sentiment" if project == "sentiment" else "language": label}, int(1000 * seconds)

    def _label(self, person: SimulatedPerson, text: Text, *, project: str, truth: str, rng: random.Random) -> str:
        model = self._model
        hardness = model["hard_error_factor"] if text.is_hard else 1
        wrong = min(model["most_errors"], (1 - person.accuracy) * model["error_factor"][project] * hardness)
        if rng.random() >= wrong:
            return truth
        weights = {}
        for label, weight in model["mistaken_for"][project]["hard" if text.is_hard else "easy"].get(truth, {}).items():
            named = {"@community": text.language, "@longest": _longest(text)}.get(label, label)
            if named and named != truth:
                weights[named] = weight * person.bias.get(named, 1)
        return rng.choices(list(weights), list(weights.values()))[0] if weights else truth

    def _severity(self, text: Text, *, label: str, truth: str, rng: random.Random) -> str:
        if label != truth:
            weights = self._model["severity_of_a_wrong_policy"]
            return str(rng.choices(list(weights), list(weights.values()))[0])
        severity = int(text.truth["severity"])
        slip = self._model["severity_slip"]["hard" if text.is_hard else "easy"]
        return str(3 - severity if rng.random() < slip else severity)

    def _seconds(self, person: SimulatedPerson, text: Text, *, rng: random.Random) -> float:
        time = self._model["time"]
        spread: float = math.exp(rng.gauss(0, time["log_sigma"]))
        length: float = time["base"] + time["per_code_point"] * len(text.text)
        factor: float = time["hard_factor"] if text.is_hard else 1
        return person.median_seconds * length * factor * spread


def _longest(text: Text) -> str:
    segments = text.truth.get("segments", []) if isinstance(text.truth, dict) else []
    return max(segments, key=lambda s: s["end"] - s["start"])["lang"] if segments else ""
