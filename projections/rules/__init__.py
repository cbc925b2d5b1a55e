"""The rules of the field as dated data, and what of a book breaks them (DOMAIN §1-§3).

``declared.py`` reads the rulebook, ``checks.py`` holds a book against it, ``workdays.py``
counts working days by the user's calendar, ``due.py`` lists what falls due.
"""
