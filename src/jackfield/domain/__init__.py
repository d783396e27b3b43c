"""What the words mean: the nouns of the product, its findings, its ports. Standard library only, no I/O."""
