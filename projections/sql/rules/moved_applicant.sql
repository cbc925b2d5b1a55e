-- Decisions of a body that is above the unit an applicant has left and not above the new one.
SELECT d.no, d.on_day, max(m.on_day) AS since
FROM acts AS d
JOIN moves AS m ON m.person = d.person AND m.round_no = d.round_no AND m.nth < d.nth
JOIN lives AS b ON b.code = d.by_unit
JOIN subtrees AS o
    ON o.top = b.unit AND o.unit = m.from_unit AND o.since <= m.on_day AND o.until > m.on_day
LEFT JOIN subtrees AS n
    ON n.top = b.unit AND n.unit = m.to_unit AND n.since <= d.on_day AND n.until > d.on_day
LEFT JOIN acts AS c
    ON c.person = d.person AND c.round_no = d.round_no AND c.kind = 'admission_cancelled'
    AND c.nth > d.nth
WHERE d.kind = 'admission_decided' AND n.unit IS NULL AND c.no IS NULL
GROUP BY d.no, d.on_day
