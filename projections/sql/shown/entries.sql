-- All that was recorded; displaced_by tells which entries no longer count, and why.
-- A row of no entry beside them: DuckDB 2.0 loses a LIMIT over a left join with an empty table.
SELECT g.*, d.by_no AS displaced_by
FROM memory.main.log AS g
LEFT JOIN (SELECT no, by_no FROM memory.main.displaced UNION ALL SELECT 0, 0) AS d ON d.no = g.no
