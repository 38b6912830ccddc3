"""Base templates, navigation and the static bundle."""
