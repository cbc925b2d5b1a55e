-- The units that count under each unit asked when the past is read under the units of one
-- day: before that day, every unit whose successor lies under it on that day; from then on, as
-- it was.
WITH RECURSIVE below AS (
    SELECT code AS top, unit, founded_on AS since, ended_on AS until, 0 AS depth
    FROM lives
    WHERE code IN (SELECT unnest($tops)) AND founded_on < ended_on
    UNION ALL
    SELECT b.top, t.unit, greatest(b.since, t.since), least(b.until, t.until), b.depth + 1
    FROM below AS b
    JOIN tree AS t ON t.above = b.unit AND t.since < b.until AND t.until > b.since
    WHERE b.depth < 1000
)
SELECT b.top, l.unit, l.founded_on AS since, least(l.ended_on, $units_as_of) AS until
FROM successors AS s
JOIN below AS b ON b.unit = s.stand AND b.since <= $units_as_of AND b.until > $units_as_of
JOIN lives AS l ON l.unit = s.unit
WHERE l.founded_on < least(l.ended_on, $units_as_of)
UNION ALL
SELECT top, unit, greatest(since, $units_as_of), until
FROM below
WHERE until > $units_as_of
