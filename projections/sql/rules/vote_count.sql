-- Votes in favour and against that are more than the members entitled to vote.
SELECT
    no, on_day, FALSE AS ok,
    concat(CAST(votes_for + votes_against AS VARCHAR), '/', CAST(eligible AS VARCHAR)) AS told
FROM acts
WHERE kind = 'resolved' AND votes_for + votes_against > eligible
