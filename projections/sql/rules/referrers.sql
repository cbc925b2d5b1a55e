-- How many referred somebody by the cell's consideration; unions count as one together.
SELECT
    c.no, c.on_day,
    count(DISTINCT CASE WHEN r.referrer NOT IN ('youth_union', 'trade_union')
        THEN r.referrer END)
    + coalesce(max(CASE WHEN r.referrer IN ('youth_union', 'trade_union') THEN 1 ELSE 0 END), 0)
        AS a,
    CASE WHEN count(r.no) = 0 THEN 'no_referral' END AS missing
FROM considerations AS c
LEFT JOIN acts AS r
    ON r.person = c.person AND r.kind = 'referred' AND r.round_no = c.round_no
    AND r.on_day <= c.on_day
GROUP BY c.no, c.on_day
