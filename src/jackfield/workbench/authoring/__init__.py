"""Writing a new data action from what its web service answers."""
