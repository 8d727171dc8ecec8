"""Changes of circumstances: trigger, hold, stocktake, classification, options, decision, execution, review."""
