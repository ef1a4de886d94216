"""The desk in a browser: our own page around textual-serve's terminal, one desk per tab, loopback only at first."""
