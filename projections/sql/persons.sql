-- Each person by their key, in the order their files came into the book; every file is
-- opened by an entry of a kind that opens one.
SELECT CAST(row_number() OVER (ORDER BY min(e.no)) AS INTEGER) AS person, e.person AS code
FROM live AS e
JOIN kinds AS k ON k.kind = e.kind
WHERE k.opens
GROUP BY e.person
