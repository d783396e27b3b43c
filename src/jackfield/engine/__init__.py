"""Running one data action: the named steps, templates, the outbound guard, and the only socket out."""
