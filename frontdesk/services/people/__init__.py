"""Who may come in at the front desk: people who sign in, and the terminals where they do."""
