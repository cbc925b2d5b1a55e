-- The standing of a referrer at the end of the day of the referral.
SELECT
    a.no, a.on_day, coalesce(s.standing, 'none') AS told,
    coalesce(s.standing = 'official', FALSE) AS ok,
    CASE WHEN p.person IS NULL THEN 'outside_book' END AS missing
FROM acts AS a
LEFT JOIN persons AS p ON p.code = a.referrer
LEFT JOIN spells AS s
    ON s.person = p.person AND s.since <= a.on_day AND s.until > a.on_day
WHERE a.kind = 'referred' AND a.referrer NOT IN ('youth_union', 'trade_union')
