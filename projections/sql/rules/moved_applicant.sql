-- Decisions of a body that is above the unit an applicant has left and not above the new one.
WITH placed AS (
    SELECT
        person, round_no, nth, on_day, unit_code,
        lag(unit_code) OVER (PARTITION BY person, round_no ORDER BY nth) AS left_code
    FROM acts
    WHERE kind IN ('nominated', 'listed') AND unit_code IS NOT NULL
),
moves AS (
    SELECT * FROM placed WHERE left_code <> unit_code
)
SELECT d.no, d.on_day, max(m.on_day) AS since
FROM acts AS d
JOIN moves AS m ON m.person = d.person AND m.round_no = d.round_no AND m.nth < d.nth
JOIN lives AS b ON b.code = d.by_unit
JOIN lives AS f ON f.code = m.left_code
JOIN lives AS t ON t.code = m.unit_code
JOIN subtrees AS o
    ON o.top = b.unit AND o.unit = f.unit AND o.since <= m.on_day AND o.until > m.on_day
LEFT JOIN subtrees AS n
    ON n.top = b.unit AND n.unit = t.unit AND n.since <= d.on_day AND n.until > d.on_day
LEFT JOIN acts AS c
    ON c.person = d.person AND c.round_no = d.round_no AND c.kind = 'admission_cancelled'
    AND c.nth > d.nth
WHERE d.kind = 'admission_decided' AND n.unit IS NULL AND c.no IS NULL
GROUP BY d.no, d.on_day
