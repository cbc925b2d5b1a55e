-- Official members whom each temporary cell hosts at the end of a day, wherever they are at home.
WITH stays AS (
    SELECT
        person, host, kind,
        row_number() OVER (PARTITION BY person ORDER BY nth DESC) AS back
    FROM person_acts
    WHERE kind IN ('temporary_transfer_began', 'temporary_transfer_ended')
        AND on_day <= $last_on
),
hosted AS (
    SELECT h.host, count(*) AS how_many
    FROM stays AS h
    JOIN spells AS s
        ON s.person = h.person AND s.since <= $last_on AND s.until > $last_on
        AND s.standing = 'official'
    WHERE h.back = 1 AND h.kind = 'temporary_transfer_began'
    GROUP BY h.host
)
SELECT e.no, $last_on AS on_day, u.unit, coalesce(h.how_many, 0) AS a
FROM units AS u
JOIN lives AS l ON l.unit = u.unit
JOIN live AS e ON e.unit = l.code AND e.kind = 'unit_founded'
LEFT JOIN hosted AS h ON h.host = l.code
WHERE u.type = 'temporary_cell' AND u.since <= $last_on AND u.until > $last_on
