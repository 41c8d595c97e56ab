"""The pages of imports: a file uploaded and mapped, files fetched on a schedule, and what became of them."""
