-- Whether a badge went to somebody who was official, also before death.
SELECT
    a.no, a.on_day, s.standing AS told,
    s.standing <> 'probationary' AS ok
FROM acts AS a
JOIN spells AS s ON s.person = a.person AND s.since <= a.on_day AND s.until > a.on_day
WHERE a.kind = 'badge_awarded'
