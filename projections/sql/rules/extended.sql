-- How long after the twelve months of probation somebody was recognised.
SELECT a.no, a.on_day, CAST(s.joined_on + INTERVAL 12 MONTH AS DATE) AS since
FROM acts AS a
JOIN spells AS s ON s.person = a.person AND s.since <= a.on_day AND s.until > a.on_day
WHERE a.kind = 'recognized_official' AND s.joined_on IS NOT NULL
