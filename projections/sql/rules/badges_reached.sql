-- Badges that official members reach by a day and were not yet given: of those already
-- reached the highest, and only what was reached since the book has known the person.
WITH grades AS (
    SELECT 5 * CAST(nth AS INTEGER) AS years
    FROM (SELECT row_number() OVER (ORDER BY kind) AS nth FROM kinds) AS numbers
    WHERE nth = 6 OR nth BETWEEN 8 AND 18
),
outside AS (
    SELECT person, sum(DATE_DIFF('day', left_on, on_day)) AS days_out
    FROM readmissions
    GROUP BY person
),
given AS (
    SELECT person, max(years) AS years FROM acts WHERE kind = 'badge_awarded' GROUP BY person
),
known AS (
    SELECT person, min(on_day) AS known_since FROM acts GROUP BY person
),
reached AS (
    SELECT
        s.person, s.unit, s.no, g.years, k.known_since,
        CAST(
            CAST(q.runs_from + INTERVAL (coalesce(o.days_out, 0)) DAY AS DATE)
            + INTERVAL (12 * g.years) MONTH AS DATE
        ) AS due_on
    FROM spells AS s
    JOIN seniority AS q ON q.person = s.person
    JOIN known AS k ON k.person = s.person
    JOIN grades AS g ON TRUE
    LEFT JOIN outside AS o ON o.person = s.person
    LEFT JOIN given AS a ON a.person = s.person
    WHERE s.since <= $as_of AND s.until > $as_of AND s.standing = 'official'
        AND (a.years IS NULL OR a.years < g.years)
)
SELECT person, unit, no, years, due_on
FROM (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person, CASE WHEN due_on < $as_of THEN 1 ELSE 0 END ORDER BY years DESC
        ) AS nth
    FROM reached
    WHERE due_on <= $until AND due_on > known_since
) AS ranked
WHERE due_on >= $as_of OR nth = 1
