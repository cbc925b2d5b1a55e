-- From the paper, or from the departure in the book, to the arrival.
WITH moves AS (
    SELECT
        no, kind, on_day, document_date,
        lag(kind) OVER each_person AS before,
        lag(on_day) OVER each_person AS before_on
    FROM acts
    WHERE kind IN ('transferred', 'transferred_out', 'transferred_in')
    WINDOW each_person AS (PARTITION BY person ORDER BY nth)
),
papers AS (
    SELECT
        no, on_day,
        coalesce(
            document_date,
            CASE WHEN kind = 'transferred_in' AND before = 'transferred_out' THEN before_on END
        ) AS since
    FROM moves
    WHERE kind IN ('transferred', 'transferred_in')
)
SELECT no, on_day, since FROM papers WHERE since <= on_day
