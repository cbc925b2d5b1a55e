-- Members at the end of a day of each unit of a type, or of the cell that a group is a part of,
-- with all units under it, named or not; the entry is the one that gave the unit its type.
WITH wanted AS (
    SELECT
        u.unit, l.code,
        CASE WHEN u.type = 'party_group' THEN t.above ELSE u.unit END AS whole
    FROM units AS u
    JOIN lives AS l ON l.unit = u.unit
    LEFT JOIN tree AS t
        ON t.unit = u.unit AND t.since <= $last_on AND t.until > $last_on
    WHERE u.type = $type AND u.since <= $last_on AND u.until > $last_on
),
parts AS (
    SELECT w.unit AS top, b.unit
    FROM wanted AS w
    JOIN subtrees AS b ON b.top = w.whole AND b.since <= $last_on AND b.until > $last_on
),
counted AS (
    SELECT p.top, count(*) AS how_many
    FROM parts AS p
    JOIN spells AS s
        ON s.unit = p.unit AND s.since <= $last_on AND s.until > $last_on
        AND s.standing IN ('probationary', 'official')
    GROUP BY p.top
    UNION ALL
    SELECT p.top, sum(n.count) AS how_many
    FROM parts AS p
    JOIN unnamed_stock AS n
        ON n.unit = p.unit AND n.measure = 'members' AND n.since <= $last_on
        AND n.until > $last_on
    GROUP BY p.top
),
named AS (
    SELECT
        e.no, e.unit AS code,
        row_number() OVER (PARTITION BY e.unit ORDER BY e.effective_on DESC, e.place DESC)
            AS back
    FROM live AS e
    WHERE e.kind IN ('unit_founded', 'unit_reclassified') AND e.type IS NOT NULL
        AND e.effective_on <= $last_on
)
SELECT
    e.no, $last_on AS on_day, w.unit, coalesce(sum(c.how_many), 0) AS a,
    CASE WHEN coalesce(sum(c.how_many), 0) = 0 AND $type IN ('grassroots_committee', 'party_group')
        THEN 'nobody_there' END AS missing
FROM wanted AS w
LEFT JOIN counted AS c ON c.top = w.unit
JOIN named AS e ON e.code = w.code AND e.back = 1
WHERE w.whole IS NOT NULL
GROUP BY e.no, w.unit
