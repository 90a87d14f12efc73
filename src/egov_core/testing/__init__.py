"""For authors of plugins: conformance kits, fakes, bad partners, builders. Nothing here imports it."""
