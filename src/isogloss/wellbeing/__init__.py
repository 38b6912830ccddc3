"""What people were exposed to, and its limits."""
