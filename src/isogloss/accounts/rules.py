"""Pure decisions about people: what they may be, who gives which role, how a username is read."""

import unicodedata
from enum import StrEnum


class Role(StrEnum):
    """What a person may be, for the site or for one project; `product.md` says what each comes to and must never."""

    ADMIN = "admin"
    LEAD = "lead"
    REQUESTER = "requester"
    REVIEWER = "reviewer"
    ANNOTATOR = "annotator"
    WELLBEING_OFFICER = "wellbeing_officer"


def may_give(role: Role, *, held: frozenset[Role]) -> bool:
    """Whether somebody who holds these roles for the site may give one, or take it: a lead staffs projects, but makes nobody powerful.

    An administrator, a lead and a wellbeing officer reach everybody; whoever could make officers could sign an exposure policy twice.
    """
    return Role.ADMIN in held or (Role.LEAD in held and role in {Role.REQUESTER, Role.REVIEWER, Role.ANNOTATOR})


class Origin(StrEnum):
    """Where an account came from."""

    INVITED = "invited"
    IMPORT = "import"
    SIMULATED = "simulated"


ROLE_CHOICES = [(role.value, role.value) for role in Role]

SCOPES = ("projects:read", "projects:write", "corpus:write", "annotate", "release", "admin")


def normal_username(username: str) -> str:
    """Return the one form of a username that is stored and looked up: one form of each letter, no surrounding space."""
    return unicodedata.normalize("NFKC", username).strip()
