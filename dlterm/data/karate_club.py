"""The friendships of a karate club that fell apart into two.

Zachary, "An Information Flow Model for Conflict and Fission in Small Groups", Journal of Anthropological Research 33,
1977: 34 members, 78 friendships outside the club, and which of the two clubs each member joined afterwards.
"""

from __future__ import annotations

import numpy as np

MEMBERS = 34
LEADERS = 1, 34  # the instructor and the club's president, who fell out
CLUBS = "instructor's", "president's"
_INSTRUCTORS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22)
_BEFORE = {  # each member's friends among those with lower numbers
    2: (1,), 3: (1, 2), 4: (1, 2, 3), 5: (1,), 6: (1,), 7: (1, 5, 6), 8: (1, 2, 3, 4), 9: (1, 3), 10: (3,),
    11: (1, 5, 6), 12: (1,), 13: (1, 4), 14: (1, 2, 3, 4), 17: (6, 7), 18: (1, 2), 20: (1, 2), 22: (1, 2),
    26: (24, 25), 28: (3, 24, 25), 29: (3,), 30: (24, 27), 31: (2, 9), 32: (1, 25, 26, 29),
    33: (3, 9, 15, 16, 19, 21, 23, 24, 30, 31, 32),
    34: (9, 10, 14, 15, 16, 19, 20, 21, 23, 24, 27, 28, 29, 30, 31, 32, 33),
}  # fmt: skip

# [78, 2]: pairs of friends, each a member's number less 1
FRIENDSHIPS = np.array([(b - 1, a - 1) for a, friends in _BEFORE.items() for b in friends])
# [34]: the club that each joined, a place in CLUBS
JOINED = np.array([int(member not in _INSTRUCTORS) for member in range(1, MEMBERS + 1)])


def adjacency() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """[34, 34]: 1 where two are friends, else 0."""
    matrix = np.zeros((MEMBERS, MEMBERS))
    one, other = FRIENDSHIPS.T
    matrix[one, other] = matrix[other, one] = 1
    return matrix
