"""Who may do what: people, roles, API tokens, invitations."""
