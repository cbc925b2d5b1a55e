-- The year of birth that counts for each person, and the entry that gave it: the last before
-- 18 August 2016, else the first; since that day the original file is followed (06 9.2).
SELECT person, birth_year, no AS birth_no
FROM (
    SELECT
        person, birth_year, no,
        row_number() OVER (
            PARTITION BY person
            ORDER BY
                CASE WHEN on_day < DATE '2016-08-18' THEN 0 ELSE 1 END,
                CASE WHEN on_day < DATE '2016-08-18' THEN -nth ELSE nth END
        ) AS choice
    FROM acts
    WHERE birth_year IS NOT NULL
) AS given
WHERE choice = 1
