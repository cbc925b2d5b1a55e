-- The form of discipline, beside the standing at the end of the day; of an expulsion, that
-- before it.
SELECT
    a.no, a.on_day, a.form AS told,
    NOT (s.standing = 'probationary' AND a.form = 'removed_from_post') AS ok
FROM acts AS a
JOIN spells AS s ON s.person = a.person AND s.since <= a.on_day AND s.until > a.on_day
WHERE a.kind = 'disciplined'
UNION ALL
SELECT a.no, a.on_day, a.kind AS told, t.standing_before <> 'probationary' AS ok
FROM acts AS a
JOIN flows AS t ON t.no = a.no
WHERE a.kind = 'expelled'
