"""What was told: releases, announcements, calendars."""
