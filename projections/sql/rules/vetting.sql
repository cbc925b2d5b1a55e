-- From the latest request to the answer that follows it; a paper of consent may be on either.
SELECT no, on_day, since, before_no AS also
FROM (
    SELECT
        no, on_day, kind,
        lag(no) OVER each_person AS before_no,
        lag(on_day) OVER each_person AS since,
        lag(kind) OVER each_person AS before
    FROM acts
    WHERE kind IN ('vetting_requested', 'vetted')
    WINDOW each_person AS (PARTITION BY person ORDER BY nth)
) AS pairs
WHERE kind = 'vetted' AND before = 'vetting_requested'
