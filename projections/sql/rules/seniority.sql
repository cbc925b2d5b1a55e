-- From when seniority runs (294 4.5): the decision of the first admission, else the ceremony,
-- as it stands in the book; not known where the first admission in the book is a re-admission.
WITH firsts AS (
    SELECT person, min(nth) AS nth
    FROM acts
    WHERE kind = 'admitted' OR joined_on IS NOT NULL
    GROUP BY person
),
decisions AS (
    SELECT
        person, round_no, nth, on_day, kind,
        lead(kind) OVER (PARTITION BY person, round_no ORDER BY nth) AS next_kind
    FROM acts
    WHERE kind IN ('admission_decided', 'admission_cancelled')
)
SELECT
    a.person,
    CASE
        WHEN a.kind = 'admitted' AND a.readmission THEN NULL
        ELSE coalesce(a.decided_on, max(d.on_day), a.joined_on, a.on_day)
    END AS runs_from
FROM acts AS a
JOIN firsts AS f ON f.person = a.person AND f.nth = a.nth
LEFT JOIN decisions AS d
    ON d.person = a.person AND d.round_no = a.round_no AND d.nth < a.nth
    AND d.kind = 'admission_decided' AND d.next_kind IS NULL AND a.kind = 'admitted'
GROUP BY a.person, a.kind, a.readmission, a.decided_on, a.joined_on, a.on_day
