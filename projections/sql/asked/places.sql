-- The units that lay under a unit at the end of a day.
SELECT
    b.unit, CAST(NULL AS INTEGER) AS person, CAST($day AS DATE) AS on_day,
    CAST(NULL AS VARCHAR) AS standing, CAST(NULL AS INTEGER) AS stage,
    CAST(NULL AS VARCHAR) AS class_type, CAST(NULL AS VARCHAR) AS cause
FROM under AS b
WHERE b.top = $top AND b.since <= $day AND b.until > $day
