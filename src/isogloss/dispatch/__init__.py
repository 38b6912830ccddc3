"""Who gets which item next."""
