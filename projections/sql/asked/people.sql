-- Who was anywhere under a unit at the end of a day.
SELECT
    s.no, s.person, s.unit, CAST($day AS DATE) AS on_day, s.standing, s.stage, s.listed,
    s.standing_since, s.joined_on, s.official_on,
    CAST(NULL AS VARCHAR) AS class_type, CAST(NULL AS VARCHAR) AS cause
FROM spells AS s
JOIN under AS b ON b.top = $top AND b.unit = s.unit AND b.since <= $day AND b.until > $day
WHERE s.since <= $day AND s.until > $day
