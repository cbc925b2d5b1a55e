-- Votes of a cell on a recognition that failed, counted within one probation.
SELECT no, on_day, row_number() OVER (PARTITION BY person, round_no ORDER BY nth) AS a
FROM acts
WHERE kind = 'resolved' AND body = 'cell' AND matter = 'recognition'
    AND 3 * votes_for < 2 * eligible
