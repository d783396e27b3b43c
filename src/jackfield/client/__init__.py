"""A small typed client of the platform API, for Jackfield and for the cloud. Imports the domain only."""
