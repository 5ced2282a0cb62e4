import numpy as np
from sklearn.metrics import confusion_matrix, jaccard_score


def confusion(prediction, target, num_classes):
    counts = confusion_matrix(target.ravel(), prediction.ravel(), labels=np.arange(num_classes))
    both = counts.diagonal()
    either = counts.sum(0) + counts.sum(1) - both
    return float((both[either > 0] / either[either > 0]).mean())


def bincounts(prediction, target, num_classes):
    said = np.bincount(prediction.ravel(), minlength=num_classes)
    right = np.bincount(target.ravel(), minlength=num_classes)
    both = np.bincount(target[prediction == target], minlength=num_classes)
    with np.errstate(invalid="ignore"):
        return np.nanmean(both / (said + right - both))


def sets(prediction, target, num_classes):
    scores = []
    for k in set(prediction.flat) | set(target.flat):
        said = set(map(tuple, np.argwhere(prediction == k)))
        right = set(map(tuple, np.argwhere(target == k)))
        scores.append(len(said & right) / len(said | right))
    return sum(scores) / len(scores)


def library(prediction, target, num_classes):
    return jaccard_score(target.reshape(-1), prediction.reshape(-1), average="macro")
