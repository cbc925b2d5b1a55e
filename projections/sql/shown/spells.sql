-- Where each person was, in what standing and at what stage, one row a stretch of days.
SELECT
    p.code AS person, l.code AS unit, s.standing, g.name AS stage, s.listed, s.since, s.until,
    s.standing_since, s.joined_on, s.official_on, s.no
FROM memory.main.spells AS s
JOIN memory.main.persons AS p ON p.person = s.person
JOIN memory.main.lives AS l ON l.unit = s.unit
LEFT JOIN memory.main.stages AS g ON g.stage = s.stage
