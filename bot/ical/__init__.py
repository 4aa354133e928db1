"""Calendars as text (RFC 5545), written and read. Pure; home of icalendar and dateutil."""
