-- From the coming of an applicant to the first sending of the dossier to the body there.
WITH sent AS (
    SELECT
        *, row_number() OVER (PARTITION BY person, round_no, moved_nth ORDER BY nth) AS nth_time
    FROM moved_acts
    WHERE kind = 'dossier_submitted'
),
opened AS (
    SELECT person, round_no, min(nth) AS nth
    FROM acts
    WHERE kind = 'dossier_opened'
    GROUP BY person, round_no
)
SELECT s.no, s.on_day, s.moved_on AS since
FROM sent AS s
JOIN opened AS o ON o.person = s.person AND o.round_no = s.round_no AND o.nth < s.moved_nth
WHERE s.nth_time = 1
