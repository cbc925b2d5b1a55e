-- The units that lay under a unit at the end of a day.
SELECT
    l.no, b.unit, CAST(NULL AS INTEGER) AS person, CAST($day AS DATE) AS on_day,
    CAST(NULL AS VARCHAR) AS standing, CAST(NULL AS INTEGER) AS stage,
    CAST(NULL AS VARCHAR) AS class_type, CAST(NULL AS VARCHAR) AS cause
FROM under AS b
JOIN lives AS l ON l.unit = b.unit
WHERE b.top = $top AND b.since <= $day AND b.until > $day
