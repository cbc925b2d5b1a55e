-- Whether the unit that opens a class exists on that day.
SELECT
    e.no, e.effective_on AS on_day, e.organiser AS told, l.unit,
    l.founded_on <= e.effective_on AND l.ended_on > e.effective_on AS ok
FROM live AS e
JOIN lives AS l ON l.code = e.organiser
WHERE e.kind = 'class_opened' AND e.effective_on <= $as_of
