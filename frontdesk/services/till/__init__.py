"""The checkout: a visit becomes a ticket, a ticket a closed sale, and what goes back of it."""
