-- Where local rules were in force, and when: for the unit that adopted them and all under it,
-- until it dropped them or ended.
WITH adopted AS (
    SELECT
        l.unit, e.overlay, e.kind, e.effective_on AS since,
        lead(e.effective_on, 1, l.ended_on) OVER (
            PARTITION BY e.unit, e.overlay ORDER BY e.effective_on, e.place
        ) AS until
    FROM live AS e
    JOIN lives AS l ON l.code = e.unit
    WHERE e.kind IN ('local_rules_adopted', 'local_rules_dropped')
)
SELECT DISTINCT
    s.unit, a.overlay, greatest(a.since, s.since) AS since, least(a.until, s.until) AS until
FROM adopted AS a
JOIN subtrees AS s ON s.top = a.unit AND s.since < a.until AND s.until > a.since
WHERE a.kind = 'local_rules_adopted' AND a.since < a.until
