-- From the latest awareness class to the cell's consideration.
SELECT
    c.no, c.on_day, max(t.on_day) AS since,
    CASE WHEN NOT c.direct THEN 'no_consideration' END AS unsure
FROM considerations AS c
LEFT JOIN acts AS t
    ON t.person = c.person AND t.kind = 'attended_class' AND t.class_type = 'awareness'
    AND t.on_day <= c.on_day
GROUP BY c.no, c.on_day, c.direct
