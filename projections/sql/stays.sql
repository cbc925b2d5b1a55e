-- How long each person stayed at each stage of the pipeline: from the entry that made it the
-- furthest of their round up to the one that took them on, back or out of it. A stay that
-- ended on the day it began is here, too: who was nominated and listed on one day was both.
WITH turns AS (
    SELECT
        person,
        no,
        place,
        effective_on,
        placed,
        standing,
        stage,
        lag(stage) OVER each_person AS stage_before
    FROM steps
    WINDOW each_person AS (PARTITION BY person ORDER BY effective_on, place)
),
changes AS (
    SELECT * FROM turns WHERE coalesce(stage, 0) <> coalesce(stage_before, 0)
),
stays AS (
    SELECT
        *,
        lead(effective_on, 1, DATE '9999-12-31') OVER each_person AS until,
        lead(no) OVER each_person AS next_no,
        lead(stage) OVER each_person AS next_stage,
        lead(standing) OVER each_person AS next_standing
    FROM changes
    WINDOW each_person AS (PARTITION BY person ORDER BY effective_on, place)
)
SELECT
    s.person,
    s.stage,
    h.holder AS unit,
    s.effective_on AS since,
    s.until,
    s.no,
    s.place,
    s.next_no,
    CASE
        WHEN s.next_no IS NULL THEN NULL
        WHEN s.next_stage > s.stage THEN 'moved_on'
        WHEN s.next_stage < s.stage THEN 'returned'
        WHEN s.next_standing IN ('probationary', 'official') THEN 'moved_on'
        ELSE 'left'
    END AS outcome
FROM stays AS s
JOIN heirs AS h
    ON h.unit = s.placed AND h.since <= s.effective_on AND h.until > s.effective_on
WHERE s.stage IS NOT NULL
