-- Which re-admission of the person it is.
SELECT no, on_day, how_often AS a FROM readmissions
