-- Who was referred by the Youth Union, and when.
SELECT no, on_day, person, TRUE AS direct
FROM acts
WHERE kind = 'referred' AND referrer = 'youth_union'
