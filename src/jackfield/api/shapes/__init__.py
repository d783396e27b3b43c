"""What domain objects look like on the wire; one module per noun, pure functions."""
