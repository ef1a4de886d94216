"""How the desk is dressed: themes, and the base sheet."""
