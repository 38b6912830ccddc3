"""What models said, kept apart from what people said."""
