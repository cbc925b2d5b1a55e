-- The place of each correction among the entries of a day: that of the first wrong entry.
WITH RECURSIVE chain AS (
    SELECT no, corrects AS place FROM log WHERE corrects IS NOT NULL AND kind <> 'voided'
    UNION ALL
    SELECT c.no, g.corrects
    FROM chain AS c
    JOIN log AS g ON g.no = c.place
    WHERE g.corrects IS NOT NULL
)
SELECT no, min(place) AS place FROM chain GROUP BY no
