-- What had last been said of the decision when the ceremony took place.
WITH said AS (
    SELECT
        no, kind, on_day, round_no, person,
        lag(kind) OVER each_round AS before
    FROM acts
    WHERE kind IN ('admission_decided', 'admission_cancelled', 'admitted')
    WINDOW each_round AS (PARTITION BY person, round_no ORDER BY nth)
)
SELECT
    s.no, s.on_day, s.before IS NOT NULL AND s.before = 'admission_decided' AS ok,
    CASE WHEN s.before IS NULL THEN 'decided_later' ELSE 'cancelled' END AS told
FROM said AS s
LEFT JOIN acts AS l
    ON l.person = s.person AND l.round_no = s.round_no + 1 AND l.kind = 'admission_decided'
WHERE s.kind = 'admitted' AND (s.before IS NOT NULL OR l.no IS NOT NULL)
