-- From the latest request to the answer that follows it.
SELECT no, on_day, since
FROM (
    SELECT
        no, on_day, kind,
        lag(on_day) OVER each_person AS since,
        lag(kind) OVER each_person AS before
    FROM acts
    WHERE kind IN ('vetting_requested', 'vetted')
    WINDOW each_person AS (PARTITION BY person ORDER BY nth)
) AS pairs
WHERE kind = 'vetted' AND before = 'vetting_requested'
