"""What programs of exports share that run in processes of their own, some under other Pythons."""
