-- Each class and what it is for.
SELECT class, type FROM live WHERE kind = 'class_opened'
