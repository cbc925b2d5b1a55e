-- What was counted without names: stocks hold from since up to the day before until, flows
-- are of the days from since to last_on.
SELECT n.no, l.code AS unit, n.measure, n.filters, n.count, n.since, n.until, NULL AS last_on
FROM memory.main.unnamed_stock AS n
JOIN memory.main.lives AS l ON l.unit = n.unit
UNION ALL
SELECT n.no, l.code AS unit, n.measure, n.filters, n.count, n.since, NULL AS until, n.last_on
FROM memory.main.unnamed_flow AS n
JOIN memory.main.lives AS l ON l.unit = n.unit
