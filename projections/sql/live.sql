-- The entries that count.
SELECT * FROM log WHERE no NOT IN (SELECT no FROM displaced)
