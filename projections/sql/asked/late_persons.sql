-- The keys of the people whose files were opened since an entry, after those there were.
SELECT
    (SELECT coalesce(max(person), 0) FROM earlier_persons)
    + CAST(row_number() OVER (ORDER BY min(e.no)) AS INTEGER) AS person,
    e.person AS code
FROM live AS e
JOIN kinds AS k ON k.kind = e.kind
WHERE k.opens AND e.no > $since AND e.person NOT IN (SELECT code FROM earlier_persons)
GROUP BY e.person
