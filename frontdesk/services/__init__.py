"""Verbs: one public function is one use-case, one permission, one transaction."""
