"""What was agreed: languages, schema, redundancy, members."""
