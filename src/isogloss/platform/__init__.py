"""What Django apps share without knowing the domain: transactions, jobs, audit, doors, errors."""
