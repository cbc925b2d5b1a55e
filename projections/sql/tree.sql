-- What each unit lies directly under, and from when to when; above is null at the top. A
-- parent that has ended is stood for by its heir.
WITH edges AS (
    SELECT
        l.unit,
        e.parent,
        e.effective_on AS since,
        lead(e.effective_on, 1, l.ended_on) OVER (
            PARTITION BY e.unit ORDER BY e.effective_on, e.place
        ) AS until
    FROM live AS e
    JOIN lives AS l ON l.code = e.unit
    WHERE e.kind IN ('unit_founded', 'unit_moved')
)
SELECT
    e.unit,
    h.holder AS above,
    greatest(e.since, coalesce(h.since, e.since)) AS since,
    least(e.until, coalesce(h.until, e.until)) AS until
FROM edges AS e
LEFT JOIN lives AS p ON p.code = e.parent
LEFT JOIN heirs AS h ON h.unit = p.unit AND h.since < e.until AND h.until > e.since
WHERE e.since < e.until
