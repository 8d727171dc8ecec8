"""Files and personal data outside the ledger: content-addressed, under keys that can be destroyed."""
