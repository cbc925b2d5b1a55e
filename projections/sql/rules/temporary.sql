-- From the beginning to the end of each temporary transfer.
SELECT no, on_day, since
FROM (
    SELECT
        no, kind, on_day,
        lag(on_day) OVER each_person AS since,
        lag(kind) OVER each_person AS before
    FROM acts
    WHERE kind IN ('temporary_transfer_began', 'temporary_transfer_ended')
    WINDOW each_person AS (PARTITION BY person ORDER BY nth)
) AS pairs
WHERE kind = 'temporary_transfer_ended' AND before = 'temporary_transfer_began'
