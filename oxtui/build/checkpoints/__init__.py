"""States of a guest's disk that are kept, named by the content of all that led to them, and begun from again."""
