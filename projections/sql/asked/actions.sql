-- What was done in a period by people and units that were under a unit on that day.
SELECT
    f.no, f.kind, f.person, f.unit, f.effective_on AS on_day,
    CASE WHEN f.standing IN ('left', 'dead') THEN f.standing_before ELSE f.standing END
        AS standing,
    f.standing_before, f.stage, f.readmits, f.class_type, f.first_of_class, f.cancelled_on,
    f.kind AS cause
FROM flows AS f
JOIN under AS b
    ON b.top = $top AND b.unit = f.unit
    AND b.since <= f.effective_on AND b.until > f.effective_on
WHERE f.effective_on BETWEEN $since AND $last_on
