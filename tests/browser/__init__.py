"""The report's page driven in a real, headless Chromium."""
