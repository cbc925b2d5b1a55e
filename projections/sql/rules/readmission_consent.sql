-- Whether the ceremony, or a decision before it, names a paper of consent.
SELECT r.no, r.on_day, count(a.no) > 0 AS ok
FROM readmissions AS r
LEFT JOIN acts AS a
    ON a.person = r.person AND a.round_no = r.round_no AND a.consented
    AND a.kind IN ('admission_decided', 'admitted')
GROUP BY r.no, r.on_day
