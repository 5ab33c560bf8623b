"""The course's texts: finds and reads content/."""
