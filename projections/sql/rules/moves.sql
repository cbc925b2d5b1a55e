-- Each time an applicant came to another unit, up to the next such time of the round.
WITH placed AS (
    SELECT
        person, round_no, nth, on_day, unit_code,
        lag(unit_code) OVER (PARTITION BY person, round_no ORDER BY nth) AS left_code
    FROM acts
    WHERE kind IN ('nominated', 'listed') AND unit_code IS NOT NULL
)
SELECT
    p.person, p.round_no, p.nth, p.on_day, f.unit AS from_unit, t.unit AS to_unit,
    lead(p.nth, 1, 999999999) OVER (PARTITION BY p.person, p.round_no ORDER BY p.nth) AS until_nth
FROM placed AS p
JOIN lives AS f ON f.code = p.left_code
JOIN lives AS t ON t.code = p.unit_code
WHERE p.left_code <> p.unit_code
