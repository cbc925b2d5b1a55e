-- From leaving the Party to the new ceremony.
SELECT
    no, on_day, left_on AS since,
    CASE WHEN left_on IS NULL THEN 'no_leaving' END AS missing
FROM readmissions
