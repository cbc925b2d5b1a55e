-- Whether a badge went to somebody who was official, also before death.
SELECT
    a.no, a.on_day,
    CASE
        WHEN s.standing <> 'dead' THEN s.standing
        WHEN s.joined_on IS NULL THEN 'applicant'
        ELSE 'probationary'
    END AS told,
    s.standing = 'official' OR (s.standing <> 'probationary' AND s.official_on IS NOT NULL) AS ok
FROM acts AS a
JOIN spells AS s ON s.person = a.person AND s.since <= a.on_day AND s.until > a.on_day
WHERE a.kind = 'badge_awarded'
