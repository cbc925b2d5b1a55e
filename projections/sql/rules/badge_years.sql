-- The day on which the years of a badge were reached: the start of seniority, moved on by the
-- days outside the Party before re-admissions, and then by the years. It is not looked at for
-- a member who is not official yet: that member has no seniority.
SELECT
    a.no, a.on_day,
    CAST(
        CAST(q.runs_from + INTERVAL (coalesce(sum(DATE_DIFF('day', r.left_on, r.on_day)), 0)) DAY
            AS DATE)
        + INTERVAL (12 * a.years) MONTH AS DATE
    ) AS since,
    CASE WHEN a.years >= 70 AND s.standing <> 'dead' THEN 24 ELSE 12 END AS b,
    coalesce(s.standing = 'dead', FALSE) AS other,
    CASE WHEN q.runs_from IS NULL THEN 'no_seniority' END AS missing
FROM acts AS a
LEFT JOIN seniority AS q ON q.person = a.person
LEFT JOIN readmissions AS r ON r.person = a.person AND r.on_day <= a.on_day
LEFT JOIN spells AS s ON s.person = a.person AND s.since <= a.on_day AND s.until > a.on_day
WHERE a.kind = 'badge_awarded'
GROUP BY a.no, a.on_day, a.years, q.runs_from, s.standing
