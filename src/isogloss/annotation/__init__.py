"""What people said, and what was concluded; append-only."""
