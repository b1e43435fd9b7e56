"""How open the eyes of labels are, and lids as people would have drawn them.

Networks show a closed eye as a half open one, and so do labels that networks made. The ratio below was compared with people's on
1672 faces for which both are there (docs/decisions/0173).
"""
import numpy as np

# Corners, upper lid, and the points of the lower lid below those.
EYES = [(60, 64, (61, 62, 63), (67, 66, 65)), (68, 72, (69, 70, 71), (75, 74, 73))]
LABELLED = (0, 0.09, 0.115, 0.145, 0.165, 0.195, 0.21, 9)
TRUE = (0, 0.025, 0.045, 0.085, 0.125, 0.185, 0.21, 9)
UPPER_LID_MOVES = 0.7  # the line of a closed eye is nearer to where the lower lid was


def openness(points):
    """Distance of the lids over the eye's width, from n x 98 x 2: n x 2."""
    return np.stack([np.linalg.norm(points[:, upper] - points[:, lower], axis=2).mean(axis=1)
                     / np.maximum(width(points, eye), 1e-3) for eye, (_, _, upper, lower) in enumerate(EYES)], 1)


def width(points, eye):
    return np.linalg.norm(points[:, EYES[eye][0]] - points[:, EYES[eye][1]], axis=1)


def close(points):
    """The points, with the lids of labels that networks made as near as people would have drawn them."""
    labelled = openness(points)
    kept = np.interp(labelled, LABELLED, TRUE) / np.maximum(labelled, 1e-3)
    points = points.copy()
    for eye, (_, _, upper, lower) in enumerate(EYES):
        way = (points[:, lower] - points[:, upper]) * (1 - kept[:, eye, None, None])
        points[:, upper] += UPPER_LID_MOVES * way
        points[:, lower] -= (1 - UPPER_LID_MOVES) * way
    return points


def closed_measure(points):
    """How closed the eye that is seen better is, from n x 98 x 2: 0 open, 1 closed."""
    seen = np.argmax([width(points, 0), width(points, 1)], axis=0)
    return np.clip((0.17 - openness(points)[np.arange(len(points)), seen]) / 0.1, 0, 1)
