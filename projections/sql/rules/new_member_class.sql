-- Whether a new-member class had been finished by the recognition.
WITH classes_held AS (
    SELECT count(*) AS how_many FROM classes WHERE type = 'new_member'
),
followed AS (
    SELECT DISTINCT person, round_no
    FROM acts
    WHERE kind = 'resolved' AND body = 'cell' AND matter = 'recognition'
)
SELECT
    a.no, a.on_day, count(t.no) > 0 AS ok,
    CASE WHEN count(t.no) = 0 AND max(h.how_many) = 0 AND count(f.person) = 0
        THEN 'no_new_member_class' END AS missing
FROM acts AS a
JOIN classes_held AS h ON TRUE
LEFT JOIN followed AS f ON f.person = a.person AND f.round_no = a.round_no
LEFT JOIN acts AS t
    ON t.person = a.person AND t.kind = 'attended_class' AND t.class_type = 'new_member'
    AND t.on_day <= greatest(a.on_day, coalesce(a.document_date, a.on_day))
WHERE a.kind = 'recognized_official'
GROUP BY a.no, a.on_day
