"""Books kept as they were written once: every later version must read them."""
