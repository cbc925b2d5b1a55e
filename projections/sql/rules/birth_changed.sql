-- Changes that give a year of birth, beside what was on file before.
WITH given AS (
    SELECT
        no, kind, on_day, person, birth_year,
        lag(birth_year) OVER each_person AS before_year,
        lag(no) OVER each_person AS before_no
    FROM acts
    WHERE birth_year IS NOT NULL
    WINDOW each_person AS (PARTITION BY person ORDER BY nth)
)
SELECT no, on_day, person, birth_year, before_year, before_no
FROM given
WHERE kind = 'profile_changed' AND before_no IS NOT NULL
