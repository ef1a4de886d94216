"""Money that came before its goods or comes after them: ledgers, and what sells and pays with them."""
