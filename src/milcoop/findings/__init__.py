"""What analysts argue in prose, computed: each finding a small module with its evidence."""
