-- All that was recorded; displaced_by tells which entries no longer count, and why.
SELECT g.*, d.by_no AS displaced_by
FROM memory.main.log AS g
LEFT JOIN memory.main.displaced AS d ON d.no = g.no
