-- People and things counted without names on a day: a count holds until the next one of the
-- same unit, measure and filters; after the unit's end the last one stays with its heir.
WITH counts AS (
    SELECT
        e.no, l.unit, e.measure, e.filters, e.count, e.as_of AS since,
        lead(e.as_of, 1, DATE '9999-12-31') OVER (
            PARTITION BY e.unit, e.measure, e.filters ORDER BY e.as_of, e.place
        ) AS until
    FROM live AS e
    JOIN lives AS l ON l.code = e.unit
    WHERE e.kind = 'unnamed_counted' AND e.as_of IS NOT NULL
)
SELECT
    c.no, h.holder AS unit, c.measure, c.filters, c.count,
    greatest(c.since, h.since) AS since, least(c.until, h.until) AS until
FROM counts AS c
JOIN heirs AS h ON h.unit = c.unit AND h.since < c.until AND h.until > c.since
WHERE c.since < c.until
