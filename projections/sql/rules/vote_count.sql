-- Votes in favour and against, beside the members entitled to vote.
SELECT
    no, on_day, votes_for + votes_against <= eligible AS ok,
    CASE WHEN votes_for + votes_against > eligible THEN concat(
        CAST(votes_for + votes_against AS VARCHAR), '/', CAST(eligible AS VARCHAR)
    ) END AS told
FROM acts
WHERE kind = 'resolved'
