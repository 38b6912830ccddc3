"""The label schemas that ship, each with a short guideline to begin from."""

from dataclasses import dataclass
from importlib.resources import files

# In the order in which a lead who starts a project is likely to want them.
SLUGS = (
    "language-identification",
    "code-switching",
    "classification",
    "safety-policy",
    "spans",
    "translation-quality",
    "translation",
    "pairwise-preference",
    "response-rating",
    "response-writing",
    "similarity-and-inference",
    "transcription-check",
)


@dataclass(frozen=True, slots=True)
class Template:
    """A label schema with its guideline, to copy and adapt."""

    slug: str
    name: str
    description: str
    schema_yaml: str
    guideline_markdown: str


def available_templates() -> list[Template]:
    """Return the templates; name and description are the first heading and paragraph of the guideline."""
    return [_read(slug) for slug in SLUGS]


def _read(slug: str) -> Template:
    folder = files(__package__)
    guideline = folder.joinpath(f"{slug}.md").read_text(encoding="utf-8")
    heading, _, body = guideline.partition("\n\n")
    description = " ".join(body.partition("\n\n")[0].split())
    schema = folder.joinpath(f"{slug}.yaml").read_text(encoding="utf-8")
    return Template(slug, heading.removeprefix("# "), description, schema, guideline)
