-- Who holds what was placed in a unit: the unit itself while it exists, then its heir, then
-- that one's heir. What nobody takes over stays with the unit that ended.
WITH RECURSIVE chain AS (
    SELECT unit, unit AS holder, founded_on AS since, ended_on, heir, 0 AS depth FROM lives
    UNION ALL
    SELECT c.unit, l.unit, greatest(c.since, c.ended_on), l.ended_on, l.heir, c.depth + 1
    FROM chain AS c
    JOIN lives AS l ON l.code = c.heir
    WHERE c.depth < 1000
)
SELECT
    unit,
    holder,
    since,
    CASE WHEN heir IS NULL THEN DATE '9999-12-31' ELSE ended_on END AS until
FROM chain
WHERE since < CASE WHEN heir IS NULL THEN DATE '9999-12-31' ELSE ended_on END
