"""Lists of images: CSV and TSV."""
