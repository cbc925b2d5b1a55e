-- What was counted without names over periods that touch the one asked, under a unit.
SELECT n.filters, n.count, n.no, n.since, n.last_on
FROM unnamed_flow AS n
JOIN under AS b
    ON b.top = $top AND b.unit = n.unit AND b.since <= n.last_on AND b.until > n.last_on
WHERE n.measure = $measure AND n.since <= $last_on AND n.last_on >= $since
ORDER BY n.no
