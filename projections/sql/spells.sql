-- Where each person was, in what standing and at what stage, one row a stretch of days; the
-- heir of a unit that ended holds its people without entries of their own.
SELECT
    s.person,
    h.holder AS unit,
    s.standing,
    s.stage,
    s.listed,
    greatest(s.effective_on, h.since) AS since,
    least(s.until, h.until) AS until,
    s.standing_since,
    s.joined_on,
    s.official_on,
    s.no
FROM steps AS s
JOIN heirs AS h ON h.unit = s.placed AND h.since < s.until AND h.until > s.effective_on
WHERE s.changes AND s.effective_on < s.until
