registry = "localhost:5000"
