"""Write a language model's card: what it was trained on, how it did on text it had not seen, what it must not be used for."""

from typing import Any

__all__ = ["model_card"]


def model_card(name: str, manifest: dict[str, Any]) -> str:
    """Markdown for people; the manifest beside it has the same for programs."""
    gate = manifest["gate"]
    lines = [
        f"# Language model {name}",
        "",
        f"Hashed character n-grams, trained {manifest.get('trained', '')} on {manifest['rows']} texts with seed {manifest['seed']}.",
        f"Training data (SHA-256 of source, label and text): `{manifest['data_sha256']}`.",
        "",
        "## Verdict",
        "",
        f"{'Passed' if gate['passes'] else 'Refused'}. With {gate['least_rows']} rows or more a language may lose {gate['tolerance']} F1.",
        "",
        "| held out | accuracy before | with the model |",
        "| --- | --- | --- |",
        *(f"| {kind} | {found['live']:.3f} | {found['candidate']:.3f} |" for kind, found in gate["accuracy"].items()),
        "",
        "## F1 by language",
        "",
        "| held out | language | rows | before | with the model | passes |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in sorted(gate["rows"], key=lambda row: row["candidate"] - row["live"]):
        verdict = ("yes" if row["passes"] else "**no**") if row["is_judged"] else "too few rows"
        lines.append(
            f"| {row['evaluation']} | {row['language']} | {row['rows']} | {row['live']:.3f} | {row['candidate']:.3f} | {verdict} |"
        )
    lines += ["", "## Rows by source", "", "| source | rows |", "| --- | --- |"]
    lines += [f"| {source} | {number} |" for source, number in manifest["rows_by_source"].items()]
    lines += [
        "",
        "## Limits",
        "",
        "It has learned the kinds of text above. The line “source” of the first table is what to expect of another kind,",
        "not the line “random”. It names only the languages in the second table; the shipped detectors name the others.",
        "",
    ]
    return "\n".join(lines)
