-- The grade of a badge.
SELECT
    no, on_day, CAST(years AS VARCHAR) AS told,
    years IN (30, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90) AS ok
FROM acts
WHERE kind = 'badge_awarded'
