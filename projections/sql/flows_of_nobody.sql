-- The actions of nobody in particular, as flows: with the unit that held theirs on that day,
-- after the day's unit changes.
SELECT
    e.no,
    e.kind,
    e.effective_on,
    CAST(NULL AS INTEGER) AS person,
    h.holder AS unit,
    CAST(NULL AS INTEGER) AS unit_before,
    CAST(NULL AS VARCHAR) AS standing_before,
    CAST(NULL AS VARCHAR) AS standing,
    CAST(NULL AS INTEGER) AS stage,
    FALSE AS readmits,
    CASE e.kind WHEN 'class_opened' THEN e.type END AS class_type,
    FALSE AS first_of_class,
    CAST(NULL AS DATE) AS cancelled_on
FROM live AS e
JOIN lives AS l ON l.code = CASE e.kind WHEN 'class_opened' THEN e.organiser ELSE e.unit END
LEFT JOIN heirs AS h
    ON h.unit = l.unit AND h.since <= e.effective_on AND h.until > e.effective_on
WHERE e.kind IN ('class_opened', 'unit_founded')
