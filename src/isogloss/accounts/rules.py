"""What a person may be, and which roles outrank which."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may be, for the site or for one project; `product.md` says what each comes to and must never."""

    ADMIN = "admin"
    LEAD = "lead"
    REQUESTER = "requester"
    REVIEWER = "reviewer"
    ANNOTATOR = "annotator"
    WELLBEING_OFFICER = "wellbeing_officer"


class Origin(StrEnum):
    """Where an account came from."""

    INVITED = "invited"
    IMPORT = "import"
    SIMULATED = "simulated"


ROLE_CHOICES = [(role.value, role.value) for role in Role]

SCOPES = ("projects:read", "projects:write", "corpus:write", "annotate", "release", "admin")
