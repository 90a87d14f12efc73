"""Items: taken in, led from draft to withdrawal, checked up."""
