-- What each unit lies directly under; above is null at the top.
SELECT l.code AS unit, a.code AS above, t.since, t.until
FROM memory.main.tree AS t
JOIN memory.main.lives AS l ON l.unit = t.unit
LEFT JOIN memory.main.lives AS a ON a.unit = t.above
