-- What statistics know of each person, one row for each stretch in which it is the same.
SELECT
    p.code AS person, x.since, x.until, x.sex, x.birth_year, x.ethnicity, x.religion, x.occupation,
    x.private_owner, x.education, x.professional_education, x.political_theory, x.unions
FROM memory.main.profiles AS x
JOIN memory.main.persons AS p ON p.person = x.person
