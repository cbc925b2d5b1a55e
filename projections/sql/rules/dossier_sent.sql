-- From the cell's latest resolution in favour to the sending of the dossier.
SELECT d.no, d.on_day, max(r.on_day) AS since
FROM acts AS d
JOIN acts AS r
    ON r.person = d.person AND r.round_no = d.round_no AND r.kind = 'resolved'
    AND r.body = 'cell' AND r.matter = 'admission' AND 3 * r.votes_for >= 2 * r.eligible
    AND r.on_day <= d.on_day
WHERE d.kind = 'dossier_submitted'
GROUP BY d.no, d.on_day
