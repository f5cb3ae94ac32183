"""What comes in (`…Draft`) and what is shown (`…View`), a file for each who asks: readers, writers, translators, trainers."""
