-- Entries that no longer count, and the entry that took them out of the reckoning.
SELECT entry AS no, min(no) AS by_no FROM log WHERE kind = 'voided' GROUP BY entry
UNION ALL
SELECT corrects AS no, min(no) AS by_no FROM log
WHERE corrects IS NOT NULL AND kind <> 'voided' GROUP BY corrects
