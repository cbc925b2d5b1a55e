"""The paths of people: where each entry left them, and the tables made of that.

What SQL would ask a window for is asked of whole columns here, some hundred thousand rows at
a time, because these tables then take a third of the time (docs/decisions/16-paths.md).
"""
