"""Users, roles, teams, delegations, organisations, inbox."""
