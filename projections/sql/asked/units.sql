-- Every unit founded up to a day with what it was at the end of that day, or of its last one:
-- name, nature, the unit directly above, whether it lies under the top, and its own members.
WITH members AS (
    SELECT unit, count(*) AS counted
    FROM spells
    WHERE since <= $day AND until > $day AND standing IN ('probationary', 'official')
    GROUP BY unit
)
SELECT
    l.no,
    l.code,
    u.name,
    u.type,
    u.sector,
    u.enterprise,
    a.code AS above,
    l.founded_on,
    CASE WHEN l.ended_on <= $day THEN l.ended_on END AS ended_on,
    b.unit IS NOT NULL AS is_under,
    coalesce(m.counted, 0) AS members
FROM lives AS l
JOIN units AS u
    ON u.unit = l.unit AND u.since <= $day
    AND (u.until > $day OR u.until = l.ended_on)
JOIN tree AS t
    ON t.unit = l.unit AND t.since <= $day
    AND (t.until > $day OR t.until = l.ended_on)
LEFT JOIN lives AS a ON a.unit = t.above
LEFT JOIN under AS b ON b.top = $top AND b.unit = l.unit AND b.since <= $day AND b.until > $day
LEFT JOIN members AS m ON m.unit = l.unit
ORDER BY l.code
