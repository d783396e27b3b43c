"""What each route does: read the call, ask a service, shape the answer. One module per noun, no rules."""
