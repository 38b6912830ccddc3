"""What was handed over."""
