-- Each class by its number, and what it is for.
SELECT CAST(row_number() OVER (ORDER BY no) AS INTEGER) AS number, class, type
FROM live
WHERE kind = 'class_opened'
