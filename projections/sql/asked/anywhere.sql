-- All units of the book, for the asking without a unit.
SELECT '' AS top, unit, founded_on AS since, ended_on AS until
FROM lives
WHERE founded_on < ended_on
