"""The application for people: pages over a library, with their scripts, sheets and labels in two languages."""
