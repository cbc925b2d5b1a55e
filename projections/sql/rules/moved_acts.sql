-- What went to, or was decided by, a body that is above the unit an applicant has come to and
-- not above the one that was left.
SELECT
    a.no, a.kind, a.on_day, a.person, a.round_no, a.nth, m.nth AS moved_nth, m.on_day AS moved_on
FROM moves AS m
JOIN acts AS a
    ON a.person = m.person AND a.round_no = m.round_no AND a.nth > m.nth AND a.nth < m.until_nth
    AND a.kind IN ('dossier_submitted', 'admission_decided')
JOIN lives AS b ON b.code = coalesce(a.by_unit, a.to_code)
JOIN subtrees AS n
    ON n.top = b.unit AND n.unit = m.to_unit AND n.since <= a.on_day AND n.until > a.on_day
LEFT JOIN subtrees AS o
    ON o.top = b.unit AND o.unit = m.from_unit AND o.since <= m.on_day AND o.until > m.on_day
WHERE o.unit IS NULL
