-- What statistics know of each person, one row for each stretch in which it is the same. A
-- later profile replaces the fields that it gives.
WITH changes AS (
    SELECT
        p.person,
        e.effective_on AS since,
        lead(e.effective_on, 1, DATE '9999-12-31') OVER each_person AS until,
        last_value(e.profile_sex IGNORE NULLS) OVER so_far AS sex,
        last_value(e.profile_birth_year IGNORE NULLS) OVER so_far AS birth_year,
        last_value(e.profile_ethnicity IGNORE NULLS) OVER so_far AS ethnicity,
        last_value(e.profile_religion IGNORE NULLS) OVER so_far AS religion,
        last_value(e.profile_occupation IGNORE NULLS) OVER so_far AS occupation,
        last_value(e.profile_private_owner IGNORE NULLS) OVER so_far AS private_owner,
        last_value(e.profile_education IGNORE NULLS) OVER so_far AS education,
        last_value(e.profile_professional_education IGNORE NULLS) OVER so_far
            AS professional_education,
        last_value(e.profile_political_theory IGNORE NULLS) OVER so_far AS political_theory,
        last_value(e.profile_unions IGNORE NULLS) OVER so_far AS unions
    FROM live AS e
    JOIN persons AS p ON p.code = e.person
    WHERE e.kind IN ('nominated', 'carried_forward', 'transferred_in', 'profile_changed')
    WINDOW
        each_person AS (PARTITION BY e.person ORDER BY e.effective_on, e.place),
        so_far AS (
            PARTITION BY e.person ORDER BY e.effective_on, e.place
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
)
SELECT * FROM changes WHERE since < until
