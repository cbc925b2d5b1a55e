-- From the latest decision, or the date of the paper that the ceremony names, to it.
SELECT
    a.no, a.on_day, coalesce(max(d.on_day), a.document_date) AS since,
    CASE WHEN max(d.on_day) IS NULL AND a.document_date IS NULL THEN 'no_decision' END AS missing
FROM acts AS a
LEFT JOIN acts AS d
    ON d.person = a.person AND d.round_no = a.round_no AND d.kind = 'admission_decided'
    AND d.on_day <= a.on_day
WHERE a.kind = 'admitted'
GROUP BY a.no, a.on_day, a.document_date
