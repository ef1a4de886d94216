"""The till: ticket, tenders, receipt."""
