"""What is labelled: batches, items, imports."""
