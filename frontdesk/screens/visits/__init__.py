"""Forms and sheets about visits that any screen may open: booking, coming, leaving, series, a day that falls apart."""
