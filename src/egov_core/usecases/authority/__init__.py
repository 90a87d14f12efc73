"""Who may do what: on cases, with staff, in campaigns, with reorganisations."""
