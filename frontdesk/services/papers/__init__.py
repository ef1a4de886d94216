"""What is handed out about a sale: receipts, invoices, on paper and by e-mail."""
