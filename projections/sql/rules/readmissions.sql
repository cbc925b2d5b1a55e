-- Admissions of people who had been in the Party, with the day they had left, if the book
-- holds it, and how many such admissions there were so far.
WITH leavings AS (
    SELECT
        *,
        max(CASE WHEN kind IN ('deleted', 'expelled', 'left_on_request') THEN on_day END)
            OVER (PARTITION BY person ORDER BY nth
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS left_on
    FROM acts
    WHERE kind IN ('deleted', 'expelled', 'left_on_request', 'admitted')
)
SELECT
    no, person, round_no, on_day, left_on,
    row_number() OVER (PARTITION BY person ORDER BY nth) AS how_often
FROM leavings
WHERE kind = 'admitted' AND (readmission OR left_on IS NOT NULL)
