-- Which unit stands for each on one day: itself, or whoever holds what was in it. One that
-- ended without an heir is stood for by what stands for the unit that it last lay under.
WITH RECURSIVE holders AS (
    SELECT unit, holder FROM heirs WHERE since <= $units_as_of AND until > $units_as_of
),
edges AS (
    SELECT unit, above, row_number() OVER (PARTITION BY unit ORDER BY since DESC) AS nth
    FROM tree
    WHERE since < $units_as_of
),
stands AS (
    SELECT unit, holder AS stand, 0 AS depth FROM holders
    UNION ALL
    SELECT s.unit, h.holder, s.depth + 1
    FROM stands AS s
    JOIN lives AS l ON l.unit = s.stand AND l.ended_on <= $units_as_of
    JOIN edges AS e ON e.unit = s.stand AND e.nth = 1
    JOIN holders AS h ON h.unit = e.above
    WHERE s.depth < 1000
),
nearest AS (
    SELECT unit, stand, row_number() OVER (PARTITION BY unit ORDER BY depth DESC) AS nth
    FROM stands
)
SELECT unit, stand FROM nearest WHERE nth = 1
