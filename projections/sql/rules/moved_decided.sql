-- From the latest sending of the dossier to the body of the new place to its decision.
SELECT d.no, d.on_day, max(s.on_day) AS since
FROM moved_acts AS d
JOIN moved_acts AS s
    ON s.person = d.person AND s.round_no = d.round_no AND s.moved_nth = d.moved_nth
    AND s.kind = 'dossier_submitted' AND s.nth < d.nth
WHERE d.kind = 'admission_decided'
GROUP BY d.no, d.on_day
