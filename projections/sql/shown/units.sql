-- Name, type and sector of each unit, one row for each stretch in which they are the same.
SELECT l.code AS unit, u.since, u.until, u.name, u.type, u.sector, u.enterprise
FROM memory.main.units AS u
JOIN memory.main.lives AS l ON l.unit = u.unit
