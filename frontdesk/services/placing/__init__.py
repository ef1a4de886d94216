"""Where a visit's lines can go: what is needed, what is free, who is chosen, and why not."""
