, places AS (
    SELECT
        person, day, place, kind,
        kind IN ('carried_forward', 'admitted', 'transferred', 'transferred_in')
            AND unit IN (SELECT unit FROM under) AS inside
    FROM live
    WHERE day <= :until AND kind IN (
        'carried_forward', 'admitted', 'transferred', 'transferred_in',
        'died', 'expelled', 'deleted', 'left_on_request', 'transferred_out'
    )
),
moves AS (
    SELECT day, kind, inside, lag(inside, 1, 0) OVER (
        PARTITION BY person ORDER BY day, place
    ) AS was
    FROM places
),
stocks AS (
    SELECT m.day AS until, s.unit, s.filters, s.how_many, max(s.day)
    FROM (SELECT :opening AS day UNION ALL SELECT :until) AS m
    JOIN live AS s ON s.kind = 'unnamed_counted' AND s.measure = 'members' AND s.day <= m.day
    WHERE s.unit IN (SELECT unit FROM under)
    GROUP BY m.day, s.unit, s.filters
)
SELECT 'opening' AS line, coalesce(sum(inside - was), 0) FROM moves WHERE day < :since
UNION ALL
SELECT
    CASE WHEN kind <> 'transferred' THEN kind WHEN inside THEN 'transferred_in' ELSE 'transferred_out' END,
    count(*)
FROM moves
WHERE day >= :since AND inside <> was
GROUP BY 1
UNION ALL
SELECT until, sum(how_many) FROM stocks GROUP BY until
