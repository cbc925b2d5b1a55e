-- The units that count under a unit when the past is read under the units of one day: before
-- that day, every unit whose successor lies under it on that day; from that day on, as it was.
WITH RECURSIVE below AS (
    SELECT unit, founded_on AS since, ended_on AS until, 0 AS depth
    FROM lives
    WHERE code = $top AND founded_on < ended_on
    UNION ALL
    SELECT t.unit, greatest(b.since, t.since), least(b.until, t.until), b.depth + 1
    FROM below AS b
    JOIN tree AS t ON t.above = b.unit AND t.since < b.until AND t.until > b.since
    WHERE b.depth < 1000
),
successors AS (
    SELECT unit, holder FROM heirs WHERE since <= $units_as_of AND until > $units_as_of
),
edges AS (
    SELECT unit, above, row_number() OVER (PARTITION BY unit ORDER BY since DESC) AS nth
    FROM tree
    WHERE since < $units_as_of
),
-- A unit that ended without an heir is stood for by the one that it last lay under.
stands AS (
    SELECT unit, holder AS stand, 0 AS depth FROM successors
    UNION ALL
    SELECT s.unit, n.holder, s.depth + 1
    FROM stands AS s
    JOIN lives AS l ON l.unit = s.stand AND l.ended_on <= $units_as_of
    JOIN edges AS e ON e.unit = s.stand AND e.nth = 1
    JOIN successors AS n ON n.unit = e.above
    WHERE s.depth < 1000
)
SELECT $top AS top, l.unit, l.founded_on AS since, least(l.ended_on, $units_as_of) AS until
FROM stands AS s
JOIN below AS b ON b.unit = s.stand AND b.since <= $units_as_of AND b.until > $units_as_of
JOIN lives AS l ON l.unit = s.unit
WHERE l.founded_on < least(l.ended_on, $units_as_of)
UNION ALL
SELECT $top AS top, unit, greatest(since, $units_as_of), until
FROM below
WHERE until > $units_as_of
