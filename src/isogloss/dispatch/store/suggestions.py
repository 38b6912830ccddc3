"""What models suggest for the leases a person holds, read from what a job prepared; nothing where anything could tell gold."""

from isogloss.dispatch.store.engines import Engine

# Gold never has a suggestion, so its absence would give gold away: in a project that serves gold there are none at all, and none while the
# person still holds a gold item from before.
_SUGGESTED = (
    "SELECT l.public_id, s.value FROM dispatch_lease l JOIN assist_suggestion s ON s.item_id = l.item_id "
    "AND s.item_version = l.item_version AND s.superseded_at IS NULL WHERE l.person_id = ? AND l.project_id = ? "
    "AND NOT EXISTS (SELECT 1 FROM dispatch_project j WHERE j.project_id = l.project_id AND j.gold) "
    "AND NOT EXISTS (SELECT 1 FROM dispatch_lease g WHERE g.person_id = l.person_id AND g.project_id = l.project_id AND g.gold)"
)


def does_suggest(engine: Engine, *, project: int) -> bool:
    """Whether a lead wants people to see suggestions in this project."""
    return bool(engine.rows("SELECT 1 FROM assist_segmentpass WHERE project_id = ? AND suggests", project))


def suggestions(engine: Engine, *, person: int, project: int) -> dict[str, str]:
    """Return the suggestions for a person's leases as JSON, by lease."""
    return dict(engine.rows(_SUGGESTED, person, project))
