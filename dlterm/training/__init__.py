"""Learners: a recipe and a data set become a network that trains; sessions and run directories around it."""
