"""The page where people annotate."""
