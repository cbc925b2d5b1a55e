-- From the cancelling of a decision to the new one at the place an applicant has come to.
SELECT d.no, d.on_day, max(c.on_day) AS since
FROM moved_acts AS d
JOIN acts AS c
    ON c.person = d.person AND c.round_no = d.round_no AND c.kind = 'admission_cancelled'
    AND c.nth < d.nth
WHERE d.kind = 'admission_decided'
GROUP BY d.no, d.on_day
