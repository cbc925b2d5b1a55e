-- Each time a cell considered an admission; an admission without any such entry stands for
-- it, and is not direct: the cell considered it then or on some day before.
SELECT no, person, round_no, nth, on_day, TRUE AS direct
FROM acts
WHERE kind = 'resolved' AND body = 'cell' AND matter = 'admission'
UNION ALL
SELECT a.no, a.person, a.round_no, a.nth, a.on_day, FALSE AS direct
FROM acts AS a
LEFT JOIN acts AS r
    ON r.person = a.person AND r.round_no = a.round_no AND r.kind = 'resolved'
    AND r.body = 'cell' AND r.matter = 'admission'
WHERE a.kind = 'admitted' AND r.no IS NULL
