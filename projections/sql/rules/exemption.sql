-- From the beginning to the end of each exemption; whether it is one by age is not in the book.
SELECT no, on_day, since, 'no_ground' AS unsure
FROM (
    SELECT
        no, kind, on_day,
        lag(on_day) OVER each_person AS since,
        lag(kind) OVER each_person AS before
    FROM acts
    WHERE kind IN ('exempted', 'exemption_ended')
    WINDOW each_person AS (PARTITION BY person ORDER BY nth)
) AS pairs
WHERE kind = 'exemption_ended' AND before = 'exempted'
