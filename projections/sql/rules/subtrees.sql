-- Every unit with all that ever lay under it, itself included, and from when to when.
WITH RECURSIVE below AS (
    SELECT unit AS top, unit, founded_on AS since, ended_on AS until, 0 AS depth
    FROM lives
    WHERE founded_on < ended_on
    UNION ALL
    SELECT b.top, t.unit, greatest(b.since, t.since), least(b.until, t.until), b.depth + 1
    FROM below AS b
    JOIN tree AS t ON t.above = b.unit AND t.since < b.until AND t.until > b.since
    WHERE b.depth < 1000
)
SELECT top, unit, since, until FROM below
