-- From the beginning to the end of each temporary transfer; a paper of consent may be on
-- either.
SELECT no, on_day, since, before_no AS also
FROM (
    SELECT
        no, kind, on_day,
        lag(no) OVER each_person AS before_no,
        lag(on_day) OVER each_person AS since,
        lag(kind) OVER each_person AS before
    FROM acts
    WHERE kind IN ('temporary_transfer_began', 'temporary_transfer_ended')
    WINDOW each_person AS (PARTITION BY person ORDER BY nth)
) AS pairs
WHERE kind = 'temporary_transfer_ended' AND before = 'temporary_transfer_began'
