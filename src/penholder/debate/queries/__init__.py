"""Questions to the debate: what everybody reads, what an account reads about itself, what moderators read."""
