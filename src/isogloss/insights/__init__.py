"""Pages and reports that join the other contexts' queries."""
