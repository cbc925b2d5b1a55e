-- From the ceremony to the official date.
SELECT
    a.no, a.on_day, s.joined_on AS since,
    CASE WHEN s.joined_on IS NULL THEN 'no_ceremony' END AS missing
FROM acts AS a
JOIN spells AS s ON s.person = a.person AND s.since <= a.on_day AND s.until > a.on_day
WHERE a.kind = 'recognized_official'
