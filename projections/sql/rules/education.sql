-- What the profile said of general education when the cell considered the case.
SELECT
    c.no, c.on_day, p.education AS told,
    p.education IN ('lower_secondary', 'upper_secondary') AS ok,
    CASE
        WHEN p.education IS NULL THEN 'no_education'
        WHEN p.education NOT IN ('illiterate', 'primary', 'lower_secondary', 'upper_secondary')
            THEN 'unknown_code'
    END AS missing,
    CASE WHEN NOT c.direct THEN 'no_consideration' END AS unsure
FROM considerations AS c
LEFT JOIN profiles AS p
    ON p.person = c.person AND p.since <= c.on_day AND p.until > c.on_day
