-- From the sending of the dossier to the base committee's resolution on the admission.
SELECT d.no, d.on_day, max(r.on_day) AS since
FROM acts AS d
JOIN acts AS r
    ON r.person = d.person AND r.round_no = d.round_no AND r.kind = 'dossier_submitted'
    AND r.on_day <= d.on_day
WHERE d.kind = 'resolved' AND d.body = 'grassroots_committee' AND d.matter = 'admission'
GROUP BY d.no, d.on_day
