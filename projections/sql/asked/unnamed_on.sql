-- What was counted without names and held on a day, under a unit.
SELECT l.code, n.filters, n.count, n.no
FROM unnamed_stock AS n
JOIN under AS b ON b.top = $top AND b.unit = n.unit AND b.since <= $day AND b.until > $day
JOIN lives AS l ON l.unit = n.unit
WHERE n.measure = $measure AND n.since <= $day AND n.until > $day
ORDER BY n.no
