-- When a cell considered the admission of whom.
SELECT no, on_day, person, direct FROM considerations
