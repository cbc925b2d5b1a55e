-- From the cell's latest resolution in favour to the decision on the admission; with none in
-- the book, to the date of the paper that the ceremony names.
WITH decisions AS (
    SELECT no, person, round_no, on_day, CAST(NULL AS INTEGER) AS unit
    FROM acts
    WHERE kind = 'admission_decided'
    UNION ALL
    SELECT a.no, a.person, a.round_no, a.document_date AS on_day, s.unit
    FROM acts AS a
    LEFT JOIN acts AS d
        ON d.person = a.person AND d.round_no = a.round_no AND d.kind = 'admission_decided'
    LEFT JOIN spells AS s
        ON s.person = a.person AND s.since <= a.document_date AND s.until > a.document_date
    WHERE a.kind = 'admitted' AND d.no IS NULL AND a.document_date <= a.on_day
)
SELECT
    d.no, d.on_day, d.unit, max(r.on_day) AS since,
    CASE WHEN max(r.on_day) IS NULL THEN 'no_resolution' END AS missing
FROM decisions AS d
LEFT JOIN acts AS r
    ON r.person = d.person AND r.round_no = d.round_no AND r.kind = 'resolved'
    AND r.body = 'cell' AND r.matter = 'admission' AND 3 * r.votes_for >= 2 * r.eligible
    AND r.on_day <= d.on_day
GROUP BY d.no, d.on_day, d.unit
