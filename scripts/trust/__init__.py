"""Does to a book what power cuts, full disks and killers do, and looks whether it is whole."""
