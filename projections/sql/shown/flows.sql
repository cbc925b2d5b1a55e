-- Every action with its person and with its unit on that day.
SELECT
    f.no, f.kind, f.effective_on, p.code AS person, l.code AS unit, b.code AS unit_before,
    f.standing_before, f.standing, g.name AS stage, f.readmits, f.class_type, f.first_of_class, f.cancelled_on
FROM memory.main.flows AS f
LEFT JOIN memory.main.persons AS p ON p.person = f.person
LEFT JOIN memory.main.lives AS l ON l.unit = f.unit
LEFT JOIN memory.main.lives AS b ON b.unit = f.unit_before
LEFT JOIN memory.main.stages AS g ON g.stage = f.stage
