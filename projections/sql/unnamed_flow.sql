-- Actions counted without names over a period, at their unit on the period's last day.
SELECT
    e.no, h.holder AS unit, e.measure, e.filters, e.count,
    e.period_from AS since, e.period_to AS last_on
FROM live AS e
JOIN lives AS l ON l.code = e.unit
JOIN heirs AS h ON h.unit = l.unit AND h.since <= e.period_to AND h.until > e.period_to
WHERE e.kind = 'unnamed_counted' AND e.period_to IS NOT NULL
