"""Classes: one who leads, many who take part."""
