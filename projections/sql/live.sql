-- The entries that count; place orders those of a day.
SELECT g.*, coalesce(c.place, g.no) AS place
FROM log AS g
LEFT JOIN corrections AS c ON c.no = g.no
WHERE g.no NOT IN (SELECT no FROM displaced)
