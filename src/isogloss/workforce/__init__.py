"""A person's languages, qualifications and hours."""
