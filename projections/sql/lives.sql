-- Each unit by its key: it exists from founded_on up to the day before ended_on.
SELECT
    CAST(row_number() OVER (ORDER BY f.no) AS INTEGER) AS unit,
    f.no,
    f.unit AS code,
    f.effective_on AS founded_on,
    coalesce(e.effective_on, DATE '9999-12-31') AS ended_on,
    CASE e.kind WHEN 'unit_merged' THEN e."into" ELSE e.members_to END AS heir
FROM live AS f
LEFT JOIN live AS e ON e.unit = f.unit AND e.kind IN ('unit_merged', 'unit_dissolved')
WHERE f.kind = 'unit_founded'
