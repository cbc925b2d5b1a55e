"""The tests: scenarios, golden figures, laws, refusals, damage, tidiness."""
