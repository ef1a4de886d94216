"""Made-up shops: a busy one around today, and the small one of the proofs."""
