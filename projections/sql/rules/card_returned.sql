-- Whether a card that somebody held on leaving the Party was handed back.
WITH cards AS (
    SELECT
        *,
        lead(kind) OVER (PARTITION BY person ORDER BY nth) AS after,
        lag(kind) OVER (PARTITION BY person ORDER BY nth) AS before
    FROM acts
    WHERE kind IN ('card_issued', 'card_returned', 'deleted', 'expelled', 'left_on_request')
)
SELECT no, on_day, 'not_returned' AS told, coalesce(after = 'card_returned', FALSE) AS ok
FROM cards
WHERE kind IN ('deleted', 'expelled', 'left_on_request') AND before = 'card_issued'
